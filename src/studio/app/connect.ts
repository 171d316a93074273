// Joins the worker's events to the stores, says hello, and keeps the previews fresh. Called once.
import { PROTOCOL_VERSION } from '../../bridge/protocol.ts';
import { type StudioError, serialiseError } from '../../domain/errors.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import type { RunSummary } from '../../domain/run.ts';
import { keepPreviewsFresh } from '../stores/datasetActions.ts';
import { clearFailures, reportFailure } from '../stores/engine.ts';
import { addEvaluations, appendMetrics } from '../stores/metrics.ts';
import { watchForEviction } from '../stores/permanence.ts';
import { openRun, playRun, showRecord, startRun } from '../stores/runActions.ts';
import { isOnScreen } from '../stores/runs.ts';
import type { Studio } from '../stores/studio.ts';

/** `autorun` names a recipe or a method to start at once on the built-in pair. */
export async function connect(studio: Studio, autorun: string | null = null): Promise<void> {
  listen(studio);
  try {
    await sayHello(studio);
    chooseWhatExists(studio);
  } catch (error) {
    studio.engine.setState({ connection: 'lost' });
    reportFailure(studio.engine, serialiseError(error));
    return;
  }
  keepPreviewsFresh(studio);
  watchForEviction(studio);
  if (autorun !== null) {
    const { recipes } = studio.engine.getState();
    studio.draft.setState(
      recipes.some(({ id }) => id === autorun) ? { recipe: autorun } : { recipe: null, method: autorun },
    );
    await startRun(studio);
  }
}

function listen(studio: Studio): void {
  const { client, engine, datasets, imports, runs, metrics } = studio;
  client.on('device', ({ device }) => engine.setState({ device }));
  client.on('dataset.changed', ({ datasets: imported }) => datasets.setState({ imported }));
  client.on('import.progress', ({ progress }) =>
    imports.setState((state) => ({ progress: { ...state.progress, [progress.datasetId]: progress } })),
  );
  client.on('import.issues', ({ datasetId, issues }) =>
    imports.setState((state) => ({ issues: { ...state.issues, [datasetId]: issues } })),
  );
  client.on('run.state', ({ state }) => {
    if (isOnScreen(runs.getState(), state.runId)) runs.setState({ state });
    if (state.error !== null && state.status === 'failed') reportFailure(engine, state.error);
  });
  client.on('run.metrics', ({ runId, frame }) => {
    if (isOnScreen(runs.getState(), runId)) appendMetrics(metrics, frame);
  });
  client.on('run.evaluation', ({ runId, evaluation }) => {
    if (isOnScreen(runs.getState(), runId)) addEvaluations(metrics, [evaluation]);
  });
  client.on('run.changed', ({ runId, change }) => {
    if (isOnScreen(runs.getState(), runId)) runs.setState(({ changes }) => ({ changes: [...changes, change] }));
  });
  client.on('run.saved', ({ summary }) => {
    runs.setState(({ list }) => ({ list: withSummary(list, summary) }));
    clearFailures(engine, (code) => code === 'storage.quota');
  });
  client.on('recovered', ({ reason, run }) => {
    clearFailures(engine, (code) => code.startsWith('gpu.'));
    if (run !== null) showRecord(studio, run.record, run.pinned);
    const about = run === null ? null : { step: run.record.summary.step, repeated: run.repeated };
    engine.setState({ recovery: { reason, run: about } });
  });
  client.on('run.taken', ({ runId }) => {
    if (isOnScreen(runs.getState(), runId)) runs.setState({ isWatched: true });
  });
  client.on('failure', ({ error }) => reportFailure(engine, error));
}

/** The page on a new worker: what it offers and holds, then the run that was open, playing if it was. */
export async function reconnect(studio: Studio, reason: StudioError): Promise<void> {
  const { engine, runs, imports } = studio;
  const { current, state } = runs.getState();
  engine.setState({ connection: 'connecting' });
  runs.setState({ busy: false });
  imports.setState({ progress: {} });
  try {
    await sayHello(studio);
  } catch (error) {
    engine.setState({ connection: 'lost' });
    reportFailure(engine, serialiseError(error));
    return;
  }
  if (current !== null && !(await openRun(studio, current.runId))) return;
  const step = runs.getState().state?.step ?? 0;
  const run = current === null ? null : { step, repeated: Math.max(0, (state?.step ?? 0) - step) };
  engine.setState({ recovery: { reason: serialiseError(reason), run } });
  if (current !== null && (state?.status === 'running' || state?.status === 'preparing')) playRun(studio);
}

async function sayHello(studio: Studio): Promise<void> {
  const hello = await studio.client.request('hello', { protocolVersion: PROTOCOL_VERSION });
  const { methods, metrics, networks, recipes, datasets, runs, unreadableRuns } = hello;
  studio.engine.setState({ connection: 'ready', methods, metrics, networks, recipes });
  studio.datasets.setState({ imported: datasets });
  studio.runs.setState({ list: newestFirst(runs), unreadable: unreadableRuns });
}

function withSummary(list: readonly RunSummary[], summary: RunSummary): readonly RunSummary[] {
  return newestFirst([summary, ...list.filter(({ runId }) => runId !== summary.runId)]);
}

/** A draft from a link may name what this worker does not have. */
function chooseWhatExists({ draft, engine }: Studio): void {
  const { methods, networks, recipes } = engine.getState();
  const { method, network, recipe } = draft.getState();
  const [firstMethod] = methods;
  const [firstNetwork] = networks;
  if (firstMethod && !methods.some(({ id }) => id === method)) draft.setState({ method: firstMethod.id });
  if (!recipes.some(({ id }) => id === recipe)) draft.setState({ recipe: null });
  if (firstNetwork && !networks.some(({ id }) => id === network)) draft.setState({ network: firstNetwork.id });
}
