// Answers the studio: the handler table of the bridge, over datasets and at most one open run.

import { PROTOCOL_VERSION } from '../bridge/protocol.ts';
import type { CommandHandlers, Emit, RequestHandlers } from '../bridge/server.ts';
import { classesOf } from '../domain/classes.ts';
import type { DeviceInfo } from '../domain/device.ts';
import { StudioError, serialiseError } from '../domain/errors.ts';
import type { RunId } from '../domain/run.ts';
import { METHODS } from '../engine/methods/registry.ts';
import { NETWORKS } from '../engine/networks/registry.ts';
import type { Datasets } from './datasets/datasets.ts';
import { inspectEngine } from './debug.ts';
import type { RunStore } from './ports.ts';
import { SHIPPED_RECIPES } from './recipes/shippedRecipes.ts';
import { buffersOf } from './run/metricsRecorder.ts';
import { type RunHost, resumeRun, startRun } from './run/openRun.ts';
import { parseRunConfig } from './run/runConfig.ts';
import type { RunClock, RunObserver } from './run/runParts.ts';
import type { RunSession } from './run/runSession.ts';
import { SYSTEM_METRICS } from './run/systemMetrics.ts';
import { upToDate } from './run/upToDateRuns.ts';

export interface ApplicationParts {
  readonly datasets: Datasets;
  readonly runs: RunStore;
  readonly clock: RunClock;
  readonly memory: RunHost['memory'];
  /** Opens the GPU, or the next best; called once, at start. `onTrouble` hears when the device fails later. */
  readonly openDevice: (onTrouble: (error: StudioError) => void) => Promise<DeviceInfo>;
  readonly newRunId: () => RunId;
  /** Measures kernels between two runs; a host without a GPU has none. */
  readonly tuneKernels?: () => Promise<unknown>;
}

export class Application {
  private readonly parts: ApplicationParts;
  private readonly emit: Emit;
  private readonly device: Promise<DeviceInfo>;
  private session: RunSession | null = null;
  /** Opening and closing runs happens one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ApplicationParts, emit: Emit) {
    this.parts = { ...parts, runs: upToDate(parts.runs) };
    this.emit = emit;
    this.device = parts.openDevice((error) => this.deviceFailed(error));
    this.device.then(
      (device) => emit('device', { device }),
      (error) => emit('failure', { error: serialiseError(error) }),
    );
  }

  readonly requests: RequestHandlers = {
    hello: async ({ protocolVersion }) => {
      if (protocolVersion !== PROTOCOL_VERSION) {
        throw new StudioError(
          'bridge.version-mismatch',
          `The page speaks version ${protocolVersion}, the worker ${PROTOCOL_VERSION}.`,
          'Reload the page.',
          { page: protocolVersion, worker: PROTOCOL_VERSION },
        );
      }
      // What networks cost is counted on hollow copies, by shapes that TensorFlow.js keeps: it has to be open.
      await this.device.catch(() => null);
      return {
        body: {
          protocolVersion: PROTOCOL_VERSION,
          methods: METHODS.map(({ info }) => info),
          metrics: SYSTEM_METRICS,
          networks: NETWORKS.map(({ info }) => info).sort((a, b) => a.parameters - b.parameters),
          datasets: await this.parts.datasets.list(),
          runs: await this.parts.runs.listRuns(),
          recipes: SHIPPED_RECIPES,
        },
      };
    },
    'scenes.preview': async ({ role, settings, indices }) => ({
      body: { tiles: await this.parts.datasets.preview(role, settings, indices) },
    }),
    'dataset.tiles': async ({ dataset, split, indices }) => ({
      body: { tiles: await this.parts.datasets.tiles(dataset, split, indices) },
    }),
    'dataset.delete': async ({ datasetId }) => ({ body: { datasets: await this.parts.datasets.remove(datasetId) } }),
    'import.inspect': async ({ files }) => ({ body: { report: await this.parts.datasets.inspect(files) } }),
    'import.choose': async ({ reportId, choices }) => ({
      body: { report: await this.parts.datasets.choose(reportId, choices) },
    }),
    'dataset.findings': async ({ datasetId }) => ({ body: await this.parts.datasets.findings(datasetId) }),
    'import.start': async ({ reportId, options }) => ({
      body: { datasetId: await this.parts.datasets.start(reportId, options) },
    }),
    'run.start': async ({ config, name }) => {
      const session = await this.exchange(async (host) => {
        const checked = parseRunConfig(config);
        return startRun(checked, { runId: this.parts.newRunId(), name }, host, this.observe());
      });
      void session.play();
      return { body: { runId: session.runId, classes: classesOf(session.current), pinned: session.pinnedImages } };
    },
    'run.open': async ({ runId }) => {
      const stored = await this.parts.runs.load(runId);
      const session = await this.exchange((host) => resumeRun(stored, host, this.observe()));
      const { metrics, evaluations } = stored;
      return {
        body: { record: { summary: session.current, metrics, evaluations }, pinned: session.pinnedImages },
        transfer: buffersOf(metrics),
      };
    },
    'run.delete': async ({ runId }) => {
      if (this.session?.runId === runId) await this.close();
      await this.parts.runs.deleteRun(runId);
      return { body: { runs: await this.parts.runs.listRuns() } };
    },
    'run.setParams': async ({ runId, stage, params }) => {
      await this.open(runId).setParams(stage, params);
      return { body: {} };
    },
    'debug.inspect': async () => ({ body: inspectEngine(this.session) }),
    'picture.pull': async ({ runId, kind, after, ask }) => ({
      body: { frame: await this.open(runId).pull({ name: kind }, after, ask) },
    }),
  };

  readonly commands: CommandHandlers = {
    'import.pause': ({ datasetId }) => this.parts.datasets.pause(datasetId),
    'import.resume': ({ datasetId }) => this.parts.datasets.resume(datasetId),
    'import.cancel': ({ datasetId }) => this.parts.datasets.cancel(datasetId),
    'run.pause': ({ runId }) => void this.open(runId).pause(),
    'run.play': ({ runId }) => void this.open(runId).play(),
    'run.step': ({ runId }) => void this.open(runId).step(),
    'run.stop': ({ runId }) => void this.open(runId).stop(),
  };

  private open(runId: RunId): RunSession {
    if (this.session?.runId === runId) return this.session;
    throw new StudioError('data.not-found', 'That run is not open.', 'Open it from the list of runs.', { runId });
  }

  /** Closes the open run, then opens another. */
  private exchange(create: (host: RunHost) => Promise<RunSession>): Promise<RunSession> {
    const next = this.turn.then(async () => {
      await this.close();
      const { runs, clock, memory, datasets, tuneKernels } = this.parts;
      const device = await this.device;
      await tuneKernels?.();
      this.session = await create({ store: runs, clock, memory, device, source: (ref) => datasets.source(ref) });
      return this.session;
    });
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async close(): Promise<void> {
    const session = this.session;
    this.session = null;
    await session?.dispose();
  }

  /** TensorFlow.js would go on training on nothing: the run ends here, its last checkpoint is whole. */
  private deviceFailed(error: StudioError): void {
    this.emit('failure', { error: serialiseError(error) });
    if (error.code === 'gpu.device-lost') void this.session?.abort(error);
  }

  private observe(): RunObserver {
    return {
      state: (state) => this.emit('run.state', { state }),
      metrics: (frame, runId) => this.emit('run.metrics', { runId, frame }, buffersOf(frame)),
      evaluation: (evaluation, runId) => this.emit('run.evaluation', { runId, evaluation }),
      saved: (summary) => this.emit('run.saved', { summary }),
      changed: (change, runId) => this.emit('run.changed', { runId, change }),
      problem: (error) => this.emit('failure', { error: serialiseError(error) }),
    };
  }
}
