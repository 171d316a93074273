// Puts a run together from its configuration: datasets, trainer, batch streams, pinned images; new, or from its last checkpoint.
import {
  type BatchStream,
  labelledTargetStream,
  readBatch,
  sourceStream,
  spreadIndices,
  targetStream,
} from '../data/batcher.ts';
import type { TileSource } from '../data/ports.ts';
import type { DatasetRef } from '../domain/dataset.ts';
import { invariant, StudioError } from '../domain/errors.ts';
import { resolveParams } from '../domain/params.ts';
import type { DeviceInfo, PinnedImage, RunConfig, RunId, RunSummary } from '../domain/run.ts';
import type { StreamName, Streams } from '../engine/methods/method.ts';
import { methodEntry } from '../engine/methods/registry.ts';
import { restoreCheckpoint } from '../engine/training/checkpoint.ts';
import { classWeightsOf } from '../engine/training/classWeights.ts';
import { createTrainer } from '../engine/training/trainer.ts';
import type { RunStore, StoredRun } from './ports.ts';
import { type RunClock, type RunObserver, RunSession } from './runSession.ts';
import { validationOf } from './validation.ts';

/** Pictures are pulled for these; more cost time and do not fit on a screen. */
const PINNED_IMAGES = 4;

export interface RunHost {
  readonly store: RunStore;
  readonly clock: RunClock;
  readonly device: DeviceInfo;
  readonly memory: () => { readonly tensors: number; readonly gpuBytes: number | null };
  source(ref: DatasetRef): Promise<TileSource>;
}

/** Throws `config.invalid` or `config.unmet-need`, naming what is missing. */
export async function startRun(
  config: RunConfig,
  identity: { readonly runId: RunId; readonly name: string },
  host: RunHost,
  observer: RunObserver,
): Promise<RunSession> {
  const nowMs = host.clock.wallClockMs();
  const summary: RunSummary = {
    ...identity,
    config,
    status: 'preparing',
    step: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    best: null,
    last: null,
    device: host.device,
  };
  return assemble({ summary, checkpoint: null, metrics: {}, evaluations: [] }, host, observer);
}

/** Opens a stored run where its last checkpoint left it, paused. */
export function resumeRun(stored: StoredRun, host: RunHost, observer: RunObserver): Promise<RunSession> {
  return assemble(stored, host, observer);
}

async function assemble(stored: StoredRun, host: RunHost, observer: RunObserver): Promise<RunSession> {
  const { config } = stored.summary;
  const source = await host.source(config.source);
  const target = await host.source(config.target);
  const validation = config.validation === null ? target : await host.source(config.validation);
  const { info, streams: wanted } = methodEntry(config.method.id);
  const params = resolveParams(info.params, config.method.params);
  checkNeeds(config, source, target, validation);

  const pinnedIndices = spreadIndices(validation.info.splits.val.tiles, PINNED_IMAGES);
  const pinnedBatch = await readBatch(validation, 'val', pinnedIndices, { labels: false });
  const pinnedImages = (await validation.read('val', pinnedIndices)).map(
    (tile, i): PinnedImage => ({ ...tile, index: pinnedIndices[i] ?? 0, size: validation.info.size }),
  );

  const trainer = createTrainer({
    networkId: config.network,
    methodId: config.method.id,
    params,
    seed: config.seed,
    steps: config.steps,
    classWeights: classWeightsOf(source.info.classPixels),
    size: source.info.size,
  });
  try {
    const streams = openStreams(config, wanted(params), source, target);
    if (stored.checkpoint !== null) {
      const cursors = await restoreCheckpoint(trainer, stored.checkpoint);
      for (const [name, stream] of streams) {
        const cursor = cursors[`stream.${name}`];
        invariant(cursor !== undefined, () => `The checkpoint holds no position of the ${name} stream.`);
        stream.restore(JSON.parse(cursor));
      }
    }
    return new RunSession({
      summary: stored.summary,
      trainer,
      streams,
      validation: validationOf(validation, config.evaluationImages),
      pinnedBatch,
      pinnedImages,
      store: host.store,
      clock: host.clock,
      observer,
      memory: host.memory,
      device: host.device,
    });
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

function openStreams(
  config: RunConfig,
  wanted: Streams,
  source: TileSource,
  target: TileSource,
): Map<StreamName, BatchStream> {
  const { seed, labelledTargets } = config;
  const streams = new Map<StreamName, BatchStream>();
  if (wanted.source !== undefined)
    streams.set('source', sourceStream(source, { seed, batch: wanted.source, flip: true }));
  if (wanted.target !== undefined)
    streams.set('target', targetStream(target, { seed, batch: wanted.target, flip: true }));
  if (wanted.labelledTarget !== undefined) {
    streams.set(
      'labelledTarget',
      labelledTargetStream(target, { seed, batch: wanted.labelledTarget, flip: true }, labelledTargets),
    );
  }
  return streams;
}

function checkNeeds(config: RunConfig, source: TileSource, target: TileSource, validation: TileSource): void {
  const { needs } = methodEntry(config.method.id).info;
  const unmet = (message: string, advice: string): never => {
    throw new StudioError('config.unmet-need', message, advice, { method: config.method.id });
  };
  if (needs.sourceLabels && source.info.splits.train.labelled === 0) {
    unmet(`"${source.info.name}" has no labelled training images.`, 'Choose a labelled dataset as source.');
  }
  if (needs.targetImages && target.info.splits.train.tiles === 0) {
    unmet(`"${target.info.name}" has no training images.`, 'Choose another dataset as target.');
  }
  const available = target.info.splits.train.labelled;
  if (needs.targetLabels && (config.labelledTargets < 1 || config.labelledTargets > available)) {
    unmet(
      `The method needs between 1 and ${available} labelled target images; ${config.labelledTargets} were asked for.`,
      'Change the number of labelled target images, or choose another method.',
    );
  }
  for (const other of [target, validation]) {
    const a = source.info.size;
    const b = other.info.size;
    if (a.width !== b.width || a.height !== b.height) {
      unmet(
        `"${source.info.name}" has tiles of ${a.width} x ${a.height}, "${other.info.name}" of ${b.width} x ${b.height}.`,
        'Import both with the same tile size.',
      );
    }
  }
}
