// One run from the command line: new or continued, to its end, a deadline or an interruption; then its report.
import { join } from 'node:path';
import type { DeviceInfo } from '../../../domain/device.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { MeanSubset } from '../../../domain/meanSubsets.ts';
import { scoresOf } from '../../../domain/metrics.ts';
import type { Evaluation, RunConfig, RunId } from '../../../domain/run.ts';
import { memory } from '../../../engine/backend/memory.ts';
import { createSceneTestSource } from '../../../scenes/sceneSource.ts';
import type { RunStore } from '../../../session/ports.ts';
import { keepInitialWeights } from '../../../session/recipes/initialWeights.ts';
import { evaluateRung, rungsOf, scoreOf } from '../../../session/recipes/rungs.ts';
import { type RunHost, resumeRun, startRun } from '../../../session/run/openRun.ts';
import { parseRunConfig } from '../../../session/run/runConfig.ts';
import type { RunSession } from '../../../session/run/runSession.ts';
import { upToDate } from '../../../session/run/upToDateRuns.ts';
import { validationOf } from '../../../session/run/validation.ts';
import { MemoryRunStore } from '../../../session/storage/memoryRunStore.ts';
import type { RunParts } from '../exports/core/runExport.ts';
import { EXPORTS } from '../exports/registry.ts';
import type { Interrupts } from '../interrupts.ts';
import { nodeClock } from '../nodeClock.ts';
import { type ProgressObserver, progressObserver } from '../report/progress.ts';
import { type ReportParts, reportOf, reportText } from '../report/report.ts';
import type { RungResult } from '../report/rungTable.ts';
import { DirectoryRunStore } from '../storage/directoryRunStore.ts';
import type { FolderDatasets } from '../storage/folderDatasets.ts';
import { writeWhole } from '../storage/writtenFiles.ts';

const RUN_ID = 'run' as RunId;

export interface RunOrder {
  readonly config: RunConfig;
  /** Where the run and its report are kept; null: nowhere. */
  readonly directory: string | null;
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
export async function trainRun(order: RunOrder): Promise<{ rungs: readonly RungResult[]; isFinished: boolean }> {
  const { config, directory, device, datasets } = order;
  const store = upToDate(directory === null ? new MemoryRunStore() : new DirectoryRunStore(directory));
  const host: RunHost = { store, clock: nodeClock, device, memory, source: (ref) => datasets.source(ref) };
  const progress = progressObserver();
  const { session, isNew } = await open(order, host, progress);
  const untrained =
    isNew && config.recipe.stages.length === 1 && session.makesPredictions ? await session.evaluateNow() : null;

  const rungs = await order.interrupts.around(
    () => void session.pause(),
    () => playAndReport(order, session, { store, progress, untrained }),
  );
  const isFinished = session.current.status === 'finished';
  await session.dispose();
  return { rungs, isFinished };
}

interface Played {
  readonly store: RunStore;
  readonly progress: ProgressObserver;
  readonly untrained: Evaluation | null;
}

async function playAndReport(
  { config, directory, datasets, minutes, means }: RunOrder,
  session: RunSession,
  { store, progress, untrained }: Played,
): Promise<RungResult[]> {
  const startedAtMs = nodeClock.nowMs();
  await playUntil(session, minutes);
  progress.end();
  if (progress.error !== null) throw progress.error;

  const { metrics, evaluations } = await store.load(RUN_ID);
  const rungs = await scoreRungs(config, evaluations, session.current.status === 'finished' ? store : null);
  const parts: ReportParts = {
    summary: session.current,
    final: session.makesPredictions ? await session.evaluateNow() : null,
    untrained,
    history: metrics,
    rungs,
    trainedMs: nodeClock.nowMs() - startedAtMs,
    source: (await datasets.source(config.source)).info,
    target: (await datasets.source(config.target)).info,
    means,
  };
  console.log(reportText(parts));
  if (directory !== null) {
    const weights = session.makesPredictions ? await session.exportWeights() : null;
    await writeExports(directory, { report: reportOf(parts), history: metrics, weights });
    console.log(`Written to ${directory}`);
  }
  return rungs;
}

async function writeExports(directory: string, parts: RunParts): Promise<void> {
  for (const { fileName, contents } of EXPORTS) {
    const file = contents(parts);
    if (file !== null) await writeWhole(join(directory, fileName), file);
  }
}

async function open(
  { config, initialWeights }: RunOrder,
  host: RunHost,
  progress: ProgressObserver,
): Promise<{ session: RunSession; isNew: boolean }> {
  const earlier = (await host.store.listRuns()).find(({ runId }) => runId === RUN_ID);
  if (earlier === undefined) {
    const fresh = { runId: RUN_ID, name: config.recipe.id, ...(initialWeights === null ? {} : { initialWeights }) };
    return { session: await startRun(config, fresh, host, progress), isNew: true };
  }
  refuseOther(parseRunConfig(earlier.config), config);
  if (initialWeights !== null) {
    // They may be missing: the last process may have ended before it kept them.
    await host.store.claim(RUN_ID);
    await keepInitialWeights(host.store, RUN_ID, initialWeights);
  }
  const { session, stored } = await resumeRun(RUN_ID, host, progress);
  console.log(`Continuing at step ${stored.summary.step}.`);
  return { session, isNew: false };
}

/** Plays to the end, the deadline or a pause, whichever comes first. */
async function playUntil(session: RunSession, minutes: number | null): Promise<void> {
  const deadline = minutes === null ? null : setTimeout(() => void session.stop(), minutes * 60_000);
  await session.play();
  if (deadline !== null) clearTimeout(deadline);
}

/** Every rung that is done, on the validation images; with a store of a finished run also on the built-in pair's test scenes. */
async function scoreRungs(
  { recipe, seed, target }: RunConfig,
  evaluations: readonly Evaluation[],
  finished: RunStore | null,
): Promise<RungResult[]> {
  const test =
    finished !== null && target.kind === 'scenes' ? validationOf(createSceneTestSource(target.settings), 0) : null;
  const results: RungResult[] = [];
  for (const rung of rungsOf(recipe)) {
    const evaluation = scoreOf(rung, evaluations);
    if (evaluation === undefined) continue;
    const tested =
      finished === null || test === null
        ? null
        : await evaluateRung(rung, { store: finished, runId: RUN_ID }, test.batches(true));
    results.push({
      seed,
      stage: rung.stage.id,
      rung: rung.name,
      labels: rung.stage.labels ?? null,
      validation: scoresOf(evaluation.confusion),
      test: tested === null ? null : scoresOf(tested.confusion),
    });
  }
  return results;
}

function refuseOther(stored: RunConfig, asked: RunConfig): void {
  if (JSON.stringify(stored) === JSON.stringify(asked)) return;
  throw new StudioError(
    'config.invalid',
    'The directory given by --out holds a run with other settings.',
    'Give the same options to continue it, or another --out.',
  );
}
