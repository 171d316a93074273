// A training stage under way: its images (guarded, perhaps translated or pseudo-labelled), its trainer with the weights of
// earlier stages, and where both stand.
import {
  type BatchStream,
  labelledTargetStream,
  pseudoTargetStream,
  type StreamOptions,
  sourceStream,
  targetStream,
} from '../../data/feed/batcher.ts';
import { labelledSubset } from '../../data/feed/sampler.ts';
import type { TileSource } from '../../data/ports.ts';
import { invariant, StudioError } from '../../domain/errors.ts';
import { ownEntry } from '../../domain/ownEntry.ts';
import type { TrainStage } from '../../domain/recipe.ts';
import type { StreamName, Streams } from '../../engine/methods/core/defineMethod.ts';
import { methodEntry } from '../../engine/methods/registry.ts';
import { packCheckpoint, restoreCheckpoint } from '../../engine/training/checkpoint.ts';
import { classWeightsOf } from '../../engine/training/classWeights.ts';
import { prepareStep } from '../../engine/training/runStep.ts';
import type { HostBatches } from '../../engine/training/stepInputs.ts';
import { stepViews } from '../../engine/training/stepViews.ts';
import { train } from '../../engine/training/train.ts';
import { createTrainer, type Trainer } from '../../engine/training/trainer.ts';
import { exportWeights, importWeights } from '../../engine/training/weights.ts';
import { takeInitialWeights } from './initialWeights.ts';
import { guardedTiles } from './labelGuard.ts';
import { pseudoLabelledTiles } from './pseudoLabelStage.ts';
import { labelsOf, type OpenStage, type StageContext, type StageStart, trainedWith } from './stage.ts';
import { translatedTiles } from './translatedTiles.ts';
import { TruthBeside } from './truthBeside.ts';

export async function openTrainStage(stage: TrainStage, start: StageStart, context: StageContext): Promise<OpenStage> {
  const { config, source, classes } = context;
  const trainer = createTrainer({
    networkId: config.network,
    networkParams: config.networkParams ?? {},
    methodId: stage.method,
    params: start.params,
    seed: config.seed,
    steps: stage.steps,
    classWeights: classWeightsOf(source.info.classPixels, classes.length),
    size: source.info.size,
  });
  try {
    const streams = openStreams(stage, trainer.streams, await tilesOf(stage, context), context);
    if (start.checkpoint === null || start.done === 0) await takeOverWeights(stage, trainer, context);
    else restore(trainer, streams, start.checkpoint);
    // Before anything is fetched or trained: a step that cannot fit is refused here, with what it needs.
    await prepareStep(trainer);
    return opened(stage, trainer, streams, context);
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

function opened(
  stage: TrainStage,
  trainer: Trainer,
  streams: ReadonlyMap<StreamName, BatchStream>,
  context: StageContext,
): OpenStage {
  const { config, validation, outputs, nowMs } = context;
  const truth = truthFor(trainer, context);
  let shown: HostBatches | null = null;
  const nextBatches = async (): Promise<HostBatches> => {
    const target = streams.get('target');
    if (target !== undefined) truth?.follow(target.state());
    const batches = await Promise.all([...streams].map(async ([name, stream]) => [name, await stream.next()] as const));
    shown = Object.fromEntries(batches);
    return shown;
  };
  const evaluation = {
    every: config.evaluateEvery,
    batches: (isFinal: boolean) => validation.batches(isFinal),
  };
  return {
    stage,
    total: stage.steps,
    get done() {
      return trainer.step;
    },
    trainer,
    events: train(trainer, nextBatches, {
      nowMs,
      ...(trainer.product.kind === 'segmenter' ? { evaluation } : {}),
    }),
    checkpoint: () =>
      packCheckpoint(
        trainer,
        Object.fromEntries([...streams].map(([name, stream]) => [`stream.${name}`, JSON.stringify(stream.state())])),
      ),
    views: async () => {
      if (shown === null || trainer.info.views === undefined) return [];
      const known = await truth?.view();
      return [...(await stepViews(trainer, shown)), ...(known == null ? [] : [known])];
    },
    leaveOutputs: async () => {
      for (const [role, network] of Object.entries(trainer.running.state.networks)) {
        await outputs.saveNetwork({ stage: stage.id, role }, await exportWeights(network, trainedWith(context)));
        if (network === trainer.network) await outputs.saveManifest(stage.id, role);
      }
    },
    dispose: () => trainer.dispose(),
  };
}

/** For a method that shows what it decides about target images, where their truth is known. */
function truthFor({ info, streams }: Trainer, { config, target }: StageContext): TruthBeside | null {
  const decides = info.views?.some(({ role }) => role === 'decision') === true;
  if (!decides || streams.target === undefined || target.info.splits.train.labelled === 0) return null;
  return new TruthBeside(target, 'target', { seed: config.seed, batch: streams.target, flip: true });
}

function restore(trainer: Trainer, streams: ReadonlyMap<StreamName, BatchStream>, checkpoint: Uint8Array): void {
  const cursors = restoreCheckpoint(trainer, checkpoint);
  for (const [name, stream] of streams) {
    const cursor = cursors[`stream.${name}`];
    invariant(cursor !== undefined, () => `The checkpoint holds no position of the ${name} stream.`);
    stream.restore(JSON.parse(cursor));
  }
}

/** The networks begin where the recipe says, else where the run does. Throws `config.invalid` for a role that is not there. */
async function takeOverWeights(stage: TrainStage, trainer: Trainer, { config, outputs }: StageContext): Promise<void> {
  const { networks } = trainer.running.state;
  if (config.initialWeights !== undefined) {
    const file = await outputs.loadInitialWeights(config.initialWeights);
    for (const [role, network] of Object.entries(networks)) {
      // Translators and discriminators are other networks than the one that the run is about.
      if (network.id === config.network && ownEntry(stage.start, role) === undefined)
        await takeInitialWeights(network, file);
    }
  }
  for (const [role, from] of Object.entries(stage.start ?? {})) {
    const network = ownEntry(networks, role);
    if (network === undefined) {
      throw new StudioError(
        'config.invalid',
        `The stage "${stage.id}" gives weights to "${role}"; ${stage.method} has ${Object.keys(networks).join(', ')}.`,
        'Name one of the networks of the method.',
        { key: role, value: stage.method },
      );
    }
    const { missing } = importWeights(network, await outputs.loadNetwork(from));
    if (missing.length === 0) continue;
    throw new StudioError(
      'checkpoint.incompatible',
      `The network "${from.role}" of the stage "${from.stage}" lacks ${missing.length} tensors of "${role}", the first being "${missing[0]}".`,
      'Let the stage take the weights of a network of its own kind.',
      { tensor: missing[0] ?? '' },
    );
  }
}

interface StageTiles {
  readonly source: TileSource;
  /** The target under the labels of a teacher. */
  readonly pseudoTarget: TileSource | null;
}

/** What the stage trains on: the datasets, or what an earlier stage made of them. */
async function tilesOf(stage: TrainStage, context: StageContext): Promise<StageTiles> {
  const labels = context.config.recipe.stages.find(({ id }) => id === stage.pseudoLabels);
  return {
    source: stage.source === undefined ? context.source : await translatedTiles(stage.source, context),
    pseudoTarget: labels?.kind === 'pseudo-label' ? await pseudoLabelledTiles(labels, context) : null,
  };
}

/** Streams with a guard each: an unsupervised stage cannot see a target label, and no stage a validation image. */
function openStreams(
  stage: TrainStage,
  wanted: Streams,
  { source, pseudoTarget }: StageTiles,
  { config, target, targetTiles }: StageContext,
): Map<StreamName, BatchStream> {
  const options = (batch: number): StreamOptions => ({ seed: config.seed, batch, flip: true });
  const streams = new Map<StreamName, BatchStream>();
  if (wanted.source !== undefined) {
    const isLabelled = methodEntry(stage.method).info.needs.sourceLabels;
    const guarded = guardedTiles(source, stage.id, isLabelled ? 'all' : 'none');
    streams.set('source', sourceStream(guarded, options(wanted.source), isLabelled));
  }
  if (wanted.target !== undefined) {
    streams.set('target', targetStream(guardedTiles(target, stage.id, 'none'), options(wanted.target)));
  }
  if (wanted.labelledTarget !== undefined) {
    const subset = labelledSubset(config.seed, targetTiles, labelsOf(stage, config, target));
    const guarded = guardedTiles(target, stage.id, new Set(subset));
    streams.set('labelledTarget', labelledTargetStream(guarded, options(wanted.labelledTarget), subset));
  }
  if (wanted.pseudoTarget !== undefined) {
    if (pseudoTarget === null) {
      throw new StudioError(
        'config.unmet-need',
        `The stage "${stage.id}" learns from pseudo-labels, and no stage is named that makes them.`,
        'Name a stage of the kind "pseudo-label" under pseudoLabels.',
        { stage: stage.id },
      );
    }
    streams.set('pseudoTarget', pseudoTargetStream(pseudoTarget, options(wanted.pseudoTarget)));
  }
  return streams;
}
