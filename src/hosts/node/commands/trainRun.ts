// One run from the command line: new or continued, to its end, a deadline or an interruption; then its report.
import type { DeviceInfo } from '../../../domain/device.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { MeanSubset } from '../../../domain/meanSubsets.ts';
import { scoresOf } from '../../../domain/metrics.ts';
import type { Evaluation, RunConfig, RunId } from '../../../domain/run.ts';
import { memory } from '../../../engine/backend/memory.ts';
import { deviceTrouble } from '../../../engine/backend/openBackend.ts';
import { createSceneTestSource } from '../../../scenes/sceneSource.ts';
import type { RunStore, StoredRun } from '../../../session/ports.ts';
import { ablationStepsOf, evaluateAblationStep, scoreOf } from '../../../session/recipes/ablation.ts';
import { type RunHost, resumeRun, startRun } from '../../../session/run/openRun.ts';
import { parseRunConfig } from '../../../session/run/runConfig.ts';
import type { RunSession } from '../../../session/run/runSession.ts';
import { upToDate } from '../../../session/run/upToDateRuns.ts';
import { validationOf } from '../../../session/run/validation.ts';
import { MemoryRunStore } from '../../../session/storage/memoryRunStore.ts';
import { expectSound } from '../device.ts';
import { writeExports } from '../exports/writeExports.ts';
import type { Interrupts } from '../interrupts.ts';
import { nodeClock } from '../nodeClock.ts';
import type { AblationResult } from '../report/ablationTable.ts';
import { type ProgressObserver, progressObserver } from '../report/progress.ts';
import { type ReportParts, reportOf, reportText } from '../report/report.ts';
import { DirectoryLock } from '../storage/directoryLock.ts';
import { DirectoryRunStore } from '../storage/directoryRunStore.ts';
import type { FolderDatasets } from '../storage/folderDatasets.ts';

const RUN_ID = 'run' as RunId;

export interface RunOrder {
  readonly config: RunConfig;
  /** Where the run and its report are kept; null: nowhere. */
  readonly directory: string | null;
  /** From a process of another machine. */
  readonly takeOver: boolean;
  readonly device: DeviceInfo;
  readonly datasets: FolderDatasets;
  /** Stop after so long, wherever it is. */
  readonly minutes: number | null;
  /** The file that `config.initialWeights` names. */
  readonly initialWeights: Uint8Array | null;
  /** Over which classes else scores are averaged. */
  readonly means: readonly MeanSubset[];
  readonly interrupts: Interrupts;
}

/** Prints progress and report. Throws what ended the run, if it failed. */
export async function trainRun(order: RunOrder): Promise<{ ablation: readonly AblationResult[]; isFinished: boolean }> {
  const { directory, takeOver } = order;
  const lock = directory === null ? null : await DirectoryLock.take(directory, takeOver);
  try {
    return await trainIn(order, lock);
  } finally {
    lock?.release();
  }
}

async function trainIn(order: RunOrder, lock: DirectoryLock | null): ReturnType<typeof trainRun> {
  const { config, directory, device, datasets } = order;
  const mayWrite = async () => lock?.check();
  const store = upToDate(directory === null ? new MemoryRunStore() : new DirectoryRunStore(directory, mayWrite));
  const host: RunHost = {
    store,
    clock: nodeClock,
    device,
    memory,
    source: (ref) => datasets.source(ref),
    causeOf: async (error) => (await deviceTrouble()) ?? error,
  };
  let opened: Opened | null = null;
  const progress = progressObserver((problem) => void opened?.session.abort(problem));
  opened = await open(order, host, progress);
  const { session, isNew } = opened;
  // A disk that takes no more is told before the first step.
  if (progress.unsaved !== null) throw progress.unsaved;
  const untrained =
    isNew && config.recipe.stages.length === 1 && session.makesPredictions ? await session.evaluateNow() : null;

  const ablation = await order.interrupts.around(
    () => void session.pause(),
    () => playAndReport(order, session, { store, mayWrite, progress, untrained }),
  );
  const isFinished = session.current.status === 'finished';
  await session.dispose();
  return { ablation, isFinished };
}

interface Played {
  readonly store: RunStore;
  readonly mayWrite: () => Promise<void>;
  readonly progress: ProgressObserver;
  readonly untrained: Evaluation | null;
}

async function playAndReport(
  { config, directory, datasets, minutes, means }: RunOrder,
  session: RunSession,
  { store, mayWrite, progress, untrained }: Played,
): Promise<AblationResult[]> {
  const startedAtMs = nodeClock.nowMs();
  await playUntil(session, minutes);
  progress.end();
  if (progress.error !== null) throw progress.error;
  await expectSound();

  const { metrics, evaluations } = await store.load(RUN_ID);
  const ablation = await scoreAblation(config, evaluations, session.current.status === 'finished' ? store : null);
  const parts: ReportParts = {
    summary: session.current,
    final: session.makesPredictions ? await session.evaluateNow() : null,
    untrained,
    history: metrics,
    ablation,
    trainedMs: nodeClock.nowMs() - startedAtMs,
    source: (await datasets.source(config.source)).info,
    target: (await datasets.source(config.target)).info,
    means,
  };
  await expectSound();
  console.log(reportText(parts));
  if (directory !== null) {
    await mayWrite();
    const weights = session.makesPredictions ? await session.exportWeights() : null;
    await writeExports('run', directory, { report: reportOf(parts), history: metrics, weights });
    console.log(`Written to ${directory}`);
  }
  if (progress.unsaved !== null) throw progress.unsaved;
  return ablation;
}

/** What is known of a run before its datasets and its first weights are read. */
export type KnownConfig = Omit<RunConfig, 'source' | 'target' | 'validation' | 'initialWeights'>;

/**
 * Throws `config.invalid` where the folder holds a run of other settings, before anything is imported; `source` and `target` are
 * what names of datasets from the folders given begin with, null for the built-in pair.
 */
export async function refuseOtherRun(
  directory: string,
  known: KnownConfig,
  begins: Readonly<Record<'source' | 'target', string | null>>,
): Promise<void> {
  const stored = await storedIn(upToDate(new DirectoryRunStore(directory)));
  if (stored === null || stored.checkpoint === null) return;
  const config = parseRunConfig(stored.summary.config);
  const { source, target, validation, initialWeights } = config;
  const first = initialWeights === undefined ? {} : { initialWeights };
  refuseOther(config, parseRunConfig({ ...known, source, target, validation, ...first }));
  for (const side of ['source', 'target'] as const) {
    const { [side]: ref } = config;
    const begin = begins[side];
    if (begin === null ? ref.kind !== 'scenes' : !(ref.kind === 'imported' && ref.id.startsWith(begin)))
      throw otherRun();
  }
}

const storedIn = (store: RunStore): Promise<StoredRun | null> =>
  store.load(RUN_ID).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'data.not-found') return null;
    throw error;
  });

interface Opened {
  readonly session: RunSession;
  readonly isNew: boolean;
}

async function open({ config, initialWeights }: RunOrder, host: RunHost, progress: ProgressObserver): Promise<Opened> {
  const { store } = host;
  const stored = await storedIn(store);
  for (const { runId, reason } of await store.unreadableRuns()) {
    if (runId !== RUN_ID) console.log(`${reason.message} It is passed over.`);
  }
  if (stored === null || stored.checkpoint === null) {
    // Without a checkpoint there is nothing to go on from, nor to lose.
    if (stored !== null) await store.deleteRun(RUN_ID);
    const fresh = { runId: RUN_ID, name: config.recipe.id, ...(initialWeights === null ? {} : { initialWeights }) };
    return { session: await startRun(config, fresh, host, progress), isNew: true };
  }
  refuseOther(parseRunConfig(stored.summary.config), config);
  const { session } = await resumeRun(RUN_ID, host, progress);
  console.log(`Continuing at step ${stored.summary.step}.`);
  return { session, isNew: false };
}

/** Plays to the end, the deadline or a pause, whichever comes first. */
async function playUntil(session: RunSession, minutes: number | null): Promise<void> {
  const deadline = minutes === null ? null : setTimeout(() => void session.stop(), minutes * 60_000);
  await session.play();
  if (deadline !== null) clearTimeout(deadline);
}

/** Every ablation step that is done, on the validation images; with a store of a finished run also on the built-in pair's test scenes. */
async function scoreAblation(
  { recipe, seed, target }: RunConfig,
  evaluations: readonly Evaluation[],
  finished: RunStore | null,
): Promise<AblationResult[]> {
  const test =
    finished !== null && target.kind === 'scenes' ? validationOf(createSceneTestSource(target.settings), 0) : null;
  const results: AblationResult[] = [];
  for (const step of ablationStepsOf(recipe)) {
    const evaluation = scoreOf(step, evaluations);
    if (evaluation === undefined) continue;
    const tested =
      finished === null || test === null
        ? null
        : await evaluateAblationStep(step, { store: finished, runId: RUN_ID }, test.batches(true));
    results.push({
      seed,
      stage: step.stage.id,
      rung: step.name,
      labels: step.stage.labels ?? null,
      validation: scoresOf(evaluation.confusion),
      test: tested === null ? null : scoresOf(tested.confusion),
    });
  }
  return results;
}

function refuseOther(stored: RunConfig, asked: RunConfig): void {
  if (JSON.stringify(stored) !== JSON.stringify(asked)) throw otherRun();
}

const otherRun = (): StudioError =>
  new StudioError(
    'config.invalid',
    'The directory given by --out holds a run with other settings.',
    'Give the same options to continue it, or another --out.',
  );
