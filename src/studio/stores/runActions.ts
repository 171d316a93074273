// What a person does to runs: start, pause, step, stop, open, delete. Every error ends as a failure in the engine store.

import type { RunRecord } from '../../bridge/protocol.ts';
import { classesOf } from '../../domain/classes.ts';
import { type ErrorCode, serialiseError } from '../../domain/errors.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import type { ParamValue, ParamValues } from '../../domain/params.ts';
import type { PinnedImage } from '../../domain/pictures.ts';
import { type StageId, stepsOf } from '../../domain/recipe.ts';
import type { RunId, RunSnapshot, RunState, RunStatus, RunSummary } from '../../domain/run.ts';
import { saveFile } from '../ui/saveFile.ts';
import { configOf, problemOf, recipeOf } from './draft.ts';
import { clearFailures, reportFailure } from './engine.ts';
import { addEvaluations, appendMetrics, clearMetrics } from './metrics.ts';
import { askToKeep } from './permanence.ts';
import { NO_PICTURES } from './pictures.ts';
import { runName } from './runName.ts';
import type { Studio } from './studio.ts';

/** Starts a run of the draft; a run that is under way is left paused. Does nothing if the draft has a problem. */
export async function startRun(studio: Studio): Promise<void> {
  const { client, runs, engine, draft } = studio;
  const offer = engine.getState();
  const settings = draft.getState();
  const recipe = recipeOf(settings, offer);
  const blocked = problemOf(settings, offer, studio.datasets.getState().imported) !== null;
  if (recipe === null || blocked || runs.getState().busy) return;

  leaveCurrentRun(studio);
  void askToKeep();
  const config = configOf(settings, recipe, offer.methods);
  const name = runName(config.seed, nextOrdinal(runs.getState().list));
  runs.setState({ busy: true });
  try {
    const { runId, classes, pinned } = await client.request('run.start', { config, name });
    studio.pictures.setState({ ...NO_PICTURES, pinned });
    runs.setState((state) => ({
      current: { runId, name, config, classes },
      // The run's first state may have overtaken the answer.
      state: state.state?.runId === runId ? state.state : preparing(runId, stepsOf(config.recipe)),
    }));
  } catch (error) {
    reportFailure(engine, serialiseError(error));
  } finally {
    runs.setState({ busy: false });
  }
}

/**
 * Opens a stored run: its charts and pictures come back, and it waits, paused, at its last checkpoint. One that another tab
 * trains is watched, unless it is to be taken over. False where it could not be opened.
 */
export async function openRun(studio: Studio, runId: RunId, takeOver = false): Promise<boolean> {
  const { client, runs, engine } = studio;
  if (runs.getState().busy) return false;
  leaveCurrentRun(studio);
  runs.setState({ busy: true, left: null });
  try {
    const { record, pinned, isWatched } = await client.request('run.open', { runId, takeOver });
    showRecord(studio, record, pinned);
    runs.setState({ isWatched });
    return true;
  } catch (error) {
    reportFailure(engine, serialiseError(error));
    return false;
  } finally {
    runs.setState({ busy: false });
  }
}

/** Puts a run on the page as it stands at its checkpoint. */
export function showRecord(studio: Studio, record: RunRecord, pinned: readonly PinnedImage[]): void {
  const { summary, metrics, evaluations } = record;
  const { runId, name, config, step, changes } = summary;
  clearMetrics(studio.metrics);
  appendMetrics(studio.metrics, metrics);
  addEvaluations(studio.metrics, evaluations);
  studio.pictures.setState({ ...NO_PICTURES, pinned });
  const status = summary.status === 'finished' ? 'finished' : 'paused';
  studio.runs.setState((state) => ({
    current: { runId, name, config, classes: classesOf(summary) },
    changes,
    isWatched: false,
    state: state.busy && state.state?.runId === runId ? state.state : at(summary, status, step),
  }));
}

/** Plays a run on that was stopped, or that failed: from its last checkpoint, with other values for a stage's parameters if given. */
export async function continueRun(
  studio: Studio,
  change: { readonly stage: StageId; readonly params: ParamValues } | null = null,
): Promise<void> {
  const { current, state } = studio.runs.getState();
  if (current === null) return;
  const { runId } = current;
  if (state?.status === 'failed' && !(await openRun(studio, runId))) return;
  try {
    if (change !== null) await studio.client.request('run.setParams', { runId, ...change });
    playRun(studio);
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

export async function deleteRun(studio: Studio, runId: RunId): Promise<void> {
  if (studio.runs.getState().current?.runId === runId) leaveCurrentRun(studio);
  try {
    const { runs, unreadableRuns } = await studio.client.request('run.delete', { runId });
    studio.runs.setState({ list: newestFirst(runs), unreadable: unreadableRuns });
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

/** Everything that is stored of a run, as a zip for whoever can read it. */
export async function exportRun(studio: Studio, runId: RunId): Promise<void> {
  try {
    const { zip } = await studio.client.request('run.export', { runId });
    saveFile(`${runId}.zip`, new Uint8Array(zip), 'application/zip');
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

/** Takes a run back to the checkpoint that was set aside, and opens it there. */
export async function restoreRun(studio: Studio, runId: RunId): Promise<void> {
  if (studio.runs.getState().current?.runId === runId) leaveCurrentRun(studio);
  try {
    const { runs } = await studio.client.request('run.restore', { runId });
    studio.runs.setState({ list: newestFirst(runs) });
    await openRun(studio, runId);
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

/** Checkpoints that were set aside; none where they cannot be read. */
export async function snapshotsOf({ client, engine }: Studio): Promise<readonly RunSnapshot[]> {
  try {
    return (await client.request('run.snapshots', {})).snapshots;
  } catch (error) {
    reportFailure(engine, serialiseError(error));
    return [];
  }
}

/** Gives a parameter of a stage of the open run another value, from its next step on. `run.changed` tells when it landed. */
export async function setStageParam(studio: Studio, stage: StageId, param: string, value: ParamValue): Promise<void> {
  const { current } = studio.runs.getState();
  if (current === null) return;
  try {
    await studio.client.request('run.setParams', { runId: current.runId, stage, params: { [param]: value } });
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

export function playRun(studio: Studio): void {
  tell(studio, 'run.play');
}
export function pauseRun(studio: Studio): void {
  tell(studio, 'run.pause');
}
export function stepRun(studio: Studio): void {
  tell(studio, 'run.step');
}
export function stopRun(studio: Studio): void {
  tell(studio, 'run.stop');
}

/** The one big button and the space bar: starts, pauses or goes on, whichever makes sense now. */
export function togglePlay(studio: Studio): void {
  const { state, busy } = studio.runs.getState();
  if (busy) return;
  if (state?.status === 'paused') playRun(studio);
  else if (state?.status === 'running' || state?.status === 'preparing') pauseRun(studio);
  else void startRun(studio);
}

function tell(studio: Studio, command: 'run.play' | 'run.pause' | 'run.step' | 'run.stop'): void {
  const { current } = studio.runs.getState();
  if (current !== null) studio.client.command(command, { runId: current.runId });
}

function leaveCurrentRun(studio: Studio): void {
  const { current } = studio.runs.getState();
  clearMetrics(studio.metrics);
  clearFailures(studio.engine, isOfRun);
  studio.pictures.setState(NO_PICTURES);
  studio.runs.setState({ current: null, state: null, changes: [], isWatched: false, left: current?.runId ?? null });
}

/** What is said of the open run ends with it. */
const isOfRun = (code: ErrorCode): boolean => /^(run|train|gpu)\./.test(code) && code !== 'gpu.unavailable';

function at({ runId, config }: RunSummary, status: RunStatus, step: number): RunState {
  return { ...preparing(runId, stepsOf(config.recipe)), status, step };
}

function preparing(runId: RunId, steps: number): RunState {
  const unknown = { stage: null, stepsPerSecond: null, leftMs: null, error: null };
  return { runId, status: 'preparing', step: 0, steps, ...unknown };
}

function nextOrdinal(list: readonly RunSummary[]): number {
  const used = list.map(({ name }) => Number(name.split('-').at(-1))).filter(Number.isInteger);
  return 1 + Math.max(0, ...used);
}
