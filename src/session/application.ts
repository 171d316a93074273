// Answers the studio: the handler table of the bridge, over datasets and at most one open run.

import { PROTOCOL_VERSION } from '../bridge/protocol.ts';
import type { CommandHandlers, Emit, RequestHandlers } from '../bridge/server.ts';
import { classesOf } from '../domain/classes.ts';
import type { DatasetRef } from '../domain/dataset.ts';
import { StudioError } from '../domain/errors.ts';
import type { RunId } from '../domain/run.ts';
import { METHODS } from '../engine/methods/registry.ts';
import { NETWORKS } from '../engine/networks/registry.ts';
import type { Datasets } from './datasets/datasets.ts';
import { inspectEngine } from './debug.ts';
import type { RunStore } from './ports.ts';
import { SHIPPED_RECIPES } from './recipes/shippedRecipes.ts';
import { CurrentRun, type DeviceHost } from './run/currentRun.ts';
import { buffersOf } from './run/metricsRecorder.ts';
import type { RunHost } from './run/openRun.ts';
import { parseRunConfig } from './run/runConfig.ts';
import type { RunClock } from './run/runParts.ts';
import { datasetName, type Sharing } from './run/sharing/sharing.ts';
import { SYSTEM_METRICS } from './run/systemMetrics.ts';
import { upToDate } from './run/upToDateRuns.ts';
import { datasetInUse } from './storage/storageErrors.ts';

export interface ApplicationParts {
  readonly datasets: Datasets;
  readonly runs: RunStore;
  readonly clock: RunClock;
  readonly memory: RunHost['memory'];
  /** The GPU, or the next best; opened at start, and anew when it fails. */
  readonly device: DeviceHost;
  readonly newRunId: () => RunId;
  /** Left out by a host that shares its stores with nobody. */
  readonly sharing?: Sharing | null;
}

export class Application {
  private readonly datasets: Datasets;
  private readonly runs: RunStore;
  private readonly newRunId: () => RunId;
  private readonly current: CurrentRun;
  private readonly sharing: Sharing | null;

  constructor({ datasets, runs, clock, memory, device, newRunId, sharing = null }: ApplicationParts, emit: Emit) {
    this.datasets = datasets;
    this.runs = upToDate(runs);
    this.newRunId = newRunId;
    this.sharing = sharing;
    const source = (ref: DatasetRef) => datasets.source(ref);
    this.current = new CurrentRun(
      { store: this.runs, clock, memory, device, source, sharing, newToken: newRunId },
      emit,
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
      await this.current.device.catch(() => null);
      return {
        body: {
          protocolVersion: PROTOCOL_VERSION,
          methods: METHODS.map(({ info }) => info),
          metrics: SYSTEM_METRICS,
          networks: NETWORKS.map(({ info }) => info).sort((a, b) => a.parameters - b.parameters),
          datasets: await this.datasets.list(),
          runs: await this.runs.listRuns(),
          unreadableRuns: await this.runs.unreadableRuns(),
          recipes: SHIPPED_RECIPES,
        },
      };
    },
    ping: async () => ({ body: {} }),
    'scenes.preview': async ({ role, settings, indices }) => ({
      body: { tiles: await this.datasets.preview(role, settings, indices) },
    }),
    'dataset.tiles': async ({ dataset, split, indices }) => ({
      body: { tiles: await this.datasets.tiles(dataset, split, indices) },
    }),
    'dataset.delete': async ({ datasetId }) => {
      const hold = await this.sharing?.hold(datasetName(datasetId), { mode: 'exclusive', waitMs: 0 });
      if (hold === null || this.current.uses(datasetId)) throw datasetInUse(datasetId);
      try {
        return { body: { datasets: await this.datasets.remove(datasetId) } };
      } finally {
        hold?.release();
      }
    },
    'import.inspect': async ({ files, door }) => ({
      body: { report: await this.datasets.inspect(files, {}, door) },
    }),
    'import.choose': async ({ reportId, choices }) => ({
      body: { report: await this.datasets.choose(reportId, choices) },
    }),
    'import.findings': async ({ reportId }) => ({ body: { issues: this.datasets.findingsOf(reportId) } }),
    'dataset.findings': async ({ datasetId }) => ({ body: await this.datasets.findings(datasetId) }),
    'import.start': async ({ reportId, options }) => ({
      body: { datasetId: await this.datasets.start(reportId, options) },
    }),
    'run.start': async ({ config, name }) => {
      const session = await this.current.start(parseRunConfig(config), { runId: this.newRunId(), name });
      return { body: { runId: session.runId, classes: classesOf(session.current), pinned: session.pinnedImages } };
    },
    'run.open': async ({ runId, takeOver = false }) => {
      const body = await this.current.open(runId, takeOver);
      return { body, transfer: buffersOf(body.record.metrics) };
    },
    'run.snapshots': async () => ({ body: { snapshots: await this.runs.snapshots() } }),
    'run.restore': async ({ runId }) => {
      if (this.current.isOpen(runId)) await this.current.close();
      await this.runs.restoreSnapshot(runId);
      return { body: { runs: await this.runs.listRuns() } };
    },
    'run.delete': async ({ runId }) => {
      if (this.current.isOpen(runId)) await this.current.close();
      await this.runs.deleteRun(runId);
      return { body: { runs: await this.runs.listRuns(), unreadableRuns: await this.runs.unreadableRuns() } };
    },
    'run.export': async ({ runId }) => ({ body: { zip: await this.runs.exportRun(runId) } }),
    'run.setParams': async ({ runId, stage, params }) => {
      await this.current.get(runId).setParams(stage, params);
      return { body: {} };
    },
    'debug.inspect': async (wish) => ({ body: inspectEngine(this.current.opened, wish) }),
    'picture.pull': async ({ runId, ...pull }) => ({ body: { frame: await this.current.pull(runId, pull) } }),
  };

  readonly commands: CommandHandlers = {
    'import.pause': ({ datasetId }) => this.datasets.pause(datasetId),
    'import.resume': ({ datasetId }) => this.datasets.resume(datasetId),
    'import.cancel': ({ datasetId }) => this.datasets.cancel(datasetId),
    'run.pause': ({ runId }) => void this.current.get(runId).pause(),
    'run.play': ({ runId }) => void this.current.get(runId).play(),
    'run.step': ({ runId }) => void this.current.get(runId).step(),
    'run.stop': ({ runId }) => void this.current.get(runId).stop(),
  };
}
