// Joins the worker's events to the stores, says hello, and keeps the previews fresh. Called once.
import { PROTOCOL_VERSION } from '../../bridge/protocol.ts';
import { serialiseError } from '../../domain/errors.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import type { RunSummary } from '../../domain/run.ts';
import { keepPreviewsFresh } from '../stores/datasetActions.ts';
import { reportFailure } from '../stores/engine.ts';
import { addEvaluations, appendMetrics } from '../stores/metrics.ts';
import { startRun } from '../stores/runActions.ts';
import { isOnScreen } from '../stores/runs.ts';
import type { Studio } from '../stores/studio.ts';

/** `autorun` names a recipe or a method to start at once on the built-in pair. */
export async function connect(studio: Studio, autorun: string | null = null): Promise<void> {
  listen(studio);
  try {
    const hello = await studio.client.request('hello', { protocolVersion: PROTOCOL_VERSION });
    const { methods, metrics, networks, recipes, datasets, runs } = hello;
    studio.engine.setState({ connection: 'ready', methods, metrics, networks, recipes });
    studio.datasets.setState({ imported: datasets });
    studio.runs.setState({ list: newestFirst(runs) });
    chooseWhatExists(studio);
  } catch (error) {
    studio.engine.setState({ connection: 'lost' });
    reportFailure(studio.engine, serialiseError(error));
    return;
  }
  keepPreviewsFresh(studio);
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
  client.on('run.saved', ({ summary }) => runs.setState(({ list }) => ({ list: withSummary(list, summary) })));
  client.on('failure', ({ error }) => {
    if (error.code === 'bridge.worker-crashed') engine.setState({ connection: 'lost' });
    reportFailure(engine, error);
  });
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
