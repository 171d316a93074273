// Puts a run together from its configuration: datasets, what its stages share, pinned images; new, or from its last checkpoint.
import { readBatch, spreadIndices } from '../../data/feed/batcher.ts';
import type { TileSource } from '../../data/ports.ts';
import { CITYSCAPES_CLASSES, classesOf } from '../../domain/classes.ts';
import type { DatasetRef } from '../../domain/dataset.ts';
import type { DeviceInfo } from '../../domain/device.ts';
import { StudioError } from '../../domain/errors.ts';
import { nextOrder } from '../../domain/newestFirst.ts';
import { resolveParams } from '../../domain/params.ts';
import type { PinnedImage } from '../../domain/pictures.ts';
import type { TrainStage } from '../../domain/recipe.ts';
import type { RunConfig, RunId, RunSummary } from '../../domain/run.ts';
import { methodEntry } from '../../engine/methods/registry.ts';
import type { RunStore, StoredRun } from '../ports.ts';
import { keepInitialWeights } from '../recipes/initialWeights.ts';
import { openStage } from '../recipes/openStage.ts';
import { labelsOf, type StageContext } from '../recipes/stage.ts';
import { StageOutputs } from '../recipes/stageOutputs.ts';
import { historyDamaged } from '../storage/storageErrors.ts';
import { refuseOtherClasses, sharedClasses } from './runClasses.ts';
import type { RunClock, RunObserver } from './runParts.ts';
import { RunSession } from './runSession.ts';
import { validationOf } from './validation.ts';

/** Pictures are pulled for these; more cost time and do not fit on a screen. */
const PINNED_IMAGES = 4;

export interface RunHost {
  readonly store: RunStore;
  readonly clock: RunClock;
  readonly device: DeviceInfo;
  readonly memory: () => { readonly tensors: number; readonly gpuBytes: number | null };
  /** About so many bytes make a record of what a stage computes; a megabyte unless the host's store likes others. */
  readonly partBytes?: number;
  source(ref: DatasetRef): Promise<TileSource>;
  /** What an error of training comes from, where the host knows better; null: it brings the run back itself. */
  causeOf?(error: unknown): Promise<unknown>;
}

export interface NewRun {
  readonly runId: RunId;
  readonly name: string;
  /** The file that `config.initialWeights` names. */
  readonly initialWeights?: Uint8Array;
}

/**
 * A run that is stored before anything else happens: whatever ends the page then, it is listed. Throws `config.invalid`,
 * `config.unmet-need` or `config.class-mismatch`, naming what is missing or differs; then nothing of it is stored.
 */
export async function startRun(
  config: RunConfig,
  { runId, name, initialWeights }: NewRun,
  host: RunHost,
  observer: RunObserver,
): Promise<RunSession> {
  const nowMs = host.clock.wallClockMs();
  const summary: RunSummary = {
    runId,
    name,
    config,
    status: 'preparing',
    step: 0,
    progress: { stage: 0, done: 0 },
    changes: [],
    targetTiles: null,
    order: nextOrder(await host.store.listRuns().catch(() => [])),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    best: null,
    last: null,
    device: host.device,
  };
  const { store } = host;
  try {
    // A full or refusing disk must not keep anybody from training: saves will say so.
    await store.saveSummary(summary).catch(tellStudioErrors(observer));
    if (initialWeights !== undefined) await keepInitialWeights(store, runId, initialWeights);
    return await assemble({ summary, checkpoint: null, metrics: {}, evaluations: [], lost: 0 }, host, observer);
  } catch (error) {
    await store.deleteRun(runId).catch(() => undefined);
    throw error;
  }
}

/**
 * Opens a stored run where its last checkpoint left it, paused, and makes it this host's: whoever trained it before is refused.
 * Throws `config.class-mismatch`, too, where its datasets have changed.
 */
export async function resumeRun(runId: RunId, host: RunHost, observer: RunObserver): Promise<OpenedRun> {
  await host.store.claim(runId);
  const stored = await host.store.load(runId);
  const { lost } = stored;
  if (lost > 0) observer.problem(historyDamaged(runId, lost));
  return { session: await assemble(stored, host, observer), stored };
}

export interface OpenedRun {
  readonly session: RunSession;
  readonly stored: StoredRun;
}

const tellStudioErrors =
  (observer: RunObserver) =>
  (error: unknown): void => {
    if (!(error instanceof StudioError)) throw error;
    observer.problem(error);
  };

async function assemble(stored: StoredRun, host: RunHost, observer: RunObserver): Promise<RunSession> {
  const summary = stored.checkpoint === null ? atTheBeginning(stored.summary) : stored.summary;
  const { config, runId } = summary;
  const source = await host.source(config.source);
  const target = await host.source(config.target);
  const validation = config.validation === null ? target : await host.source(config.validation);
  checkSizes(source, [target, validation]);
  const classes = sharedClasses([source, target, validation]);
  if (stored.checkpoint !== null)
    refuseOtherClasses({ of: summary.name, classes: classesOf(summary) }, { of: source.info.name, classes });
  for (const stage of config.recipe.stages) if (stage.kind === 'train') checkNeeds(stage, config, source, target);

  const { indices, images: pinnedImages } = await pinnedOf(validation);
  const pinnedBatch = await readBatch(validation, 'val', indices, { labels: false });
  const targetTiles = summary.targetTiles ?? target.info.splits.train.tiles;
  const context: StageContext = {
    config,
    source,
    target,
    validation: validationOf(validation, config.evaluationImages),
    classes,
    targetTiles,
    outputs: new StageOutputs(host.store, runId, host.partBytes),
    nowMs: host.clock.nowMs,
  };
  return RunSession.open(
    {
      summary: { ...summary, targetTiles, ...(classes === CITYSCAPES_CLASSES ? {} : { classes }) },
      openStage: (stage, start) => openStage(stage, start, context),
      context,
      pinnedBatch,
      pinnedImages,
      store: host.store,
      clock: host.clock,
      observer,
      memory: host.memory,
      device: host.device,
      causeOf: async (error) => (host.causeOf === undefined ? error : host.causeOf(error)),
    },
    stored.checkpoint,
  );
}

/** A stored run for who only watches it: nothing is built, claimed or written. */
export async function lookAtRun(
  runId: RunId,
  { store, source }: Pick<RunHost, 'store' | 'source'>,
): Promise<{ readonly stored: StoredRun; readonly pinned: readonly PinnedImage[] }> {
  const stored = await store.load(runId);
  const { validation, target } = stored.summary.config;
  return { stored, pinned: (await pinnedOf(await source(validation ?? target))).images };
}

async function pinnedOf(validation: TileSource): Promise<{ indices: readonly number[]; images: PinnedImage[] }> {
  const indices = spreadIndices(validation.info.splits.val.tiles, PINNED_IMAGES);
  const tiles = await validation.read('val', indices);
  const images = tiles.map((tile, i) => ({ ...tile, index: indices[i] ?? 0, size: validation.info.size }));
  return { indices, images };
}

/** Without a checkpoint a run starts over; only what was changed while it ran is kept, and replayed. */
function atTheBeginning(summary: RunSummary): RunSummary {
  return { ...summary, step: 0, progress: { stage: 0, done: 0 }, best: null, last: null };
}

function checkNeeds(stage: TrainStage, config: RunConfig, source: TileSource, target: TileSource): void {
  const { needs, params } = methodEntry(stage.method).info;
  resolveParams(params, stage.params);
  if (needs.sourceLabels && source.info.splits.train.labelled === 0) {
    throw unmet(
      `"${source.info.name}" has no labelled training images.`,
      'Choose a labelled dataset as source.',
      stage.method,
    );
  }
  if (needs.targetImages && target.info.splits.train.tiles === 0) {
    throw unmet(`"${target.info.name}" has no training images.`, 'Choose another dataset as target.', stage.method);
  }
  const available = target.info.splits.train.labelled;
  const wanted = labelsOf(stage, config, target);
  if (needs.targetLabels && (wanted < 1 || wanted > available)) {
    throw unmet(
      `The method needs between 1 and ${available} labelled target images; ${wanted} were asked for.`,
      'Change the number of labelled target images, or choose another method.',
      stage.method,
    );
  }
}

function checkSizes(source: TileSource, others: readonly TileSource[]): void {
  const spell = ({ info }: TileSource): string => `${info.size.width} x ${info.size.height}`;
  const other = others.find((tiles) => spell(tiles) !== spell(source));
  if (other === undefined) return;
  throw unmet(
    `"${source.info.name}" has tiles of ${spell(source)}, "${other.info.name}" of ${spell(other)}.`,
    'Import both with the same tile size.',
  );
}

function unmet(message: string, advice: string, method = ''): StudioError {
  return new StudioError('config.unmet-need', message, advice, method === '' ? {} : { method });
}
