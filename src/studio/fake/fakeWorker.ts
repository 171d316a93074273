// An in-memory worker for tests and for the fake scenes of the page: it speaks the whole protocol through the real server,
// draws simple streets and pretends to learn them.
import { Client } from '../../bridge/client.ts';
import { PREDICTIONS } from '../../bridge/pictures/predictions.ts';
import { portPair } from '../../bridge/port.ts';
import { type Hello, PROTOCOL_VERSION, type ToStudio, type ToWorker } from '../../bridge/protocol.ts';
import { type CommandHandlers, type Emit, type RequestHandlers, serve } from '../../bridge/server.ts';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import type { DatasetId, DatasetInfo } from '../../domain/dataset.ts';
import type { DebugInfo } from '../../domain/debug.ts';
import type { DeviceInfo } from '../../domain/device.ts';
import { type SerialisedError, StudioError } from '../../domain/errors.ts';
import type { ImportProgress, ImportReport } from '../../domain/importing.ts';
import type { RunId, RunSnapshot, RunSummary, UnreadableRun } from '../../domain/run.ts';
import { FakeRun } from './fakeRun.ts';
import { fakeTile } from './fakeTiles.ts';
import { RECORDED } from './recorded.ts';

export const FAKE_DEVICE: DeviceInfo = {
  backend: 'webgpu',
  adapter: 'fake adapter',
  software: false,
  shaderF16: true,
  maxBufferBytes: 2 ** 31,
  maxBindingBytes: 2 ** 30,
  fallbackReason: null,
};

export const FAKE_REPORT: ImportReport = {
  reportId: 'report-1',
  layout: 'cityscapes',
  layoutLabel: 'Cityscapes',
  suggestedUse: 'target',
  suggestedName: 'my-city',
  fileCount: 412,
  splits: { train: { pairs: 180, unlabelled: 12 }, val: { pairs: 20, unlabelled: 0 } },
  imageSizes: [
    { width: 2048, height: 1024, count: 30 },
    { width: 1914, height: 1052, count: 2 },
  ],
  classShares: [
    0.36, 0.06, 0.22, 0.006, 0.008, 0.012, 0.002, 0.005, 0.16, 0.011, 0.04, 0.012, 0.001, 0.07, 0.003, 0.002, 0, 0.001,
    0.004, 0.11,
  ],
  sampled: 32,
  coding: { id: 'cityscapes-ids', label: 'Cityscapes label ids', certainty: 'named', candidates: [] },
  choices: {},
  codings: [
    { id: 'cityscapes-ids', label: 'Cityscapes label ids' },
    { id: 'train-ids', label: 'Train ids' },
  ],
  questions: [],
  previews: [],
  unused: [{ reason: 'not-a-picture', count: 200, first: 'gtFine/train/aachen/a_polygons.json' }],
  issues: [
    { path: 'leftImg8bit/train/aachen/a.png', code: 'data.unreadable-file', message: 'IDAT ends early.', context: {} },
    { path: 'gtFine/train/aachen/b_labelIds.png', code: 'data.unpaired', message: 'No photo b.', context: {} },
  ],
  issueCounts: { 'data.unreadable-file': 1, 'data.unpaired': 7 },
  decodeMsPerPair: 45,
  freeBytes: 12e9,
  resumes: null,
};

const FAKE_DEBUG: DebugInfo = {
  eager: false,
  times: null,
  planned: {
    dispatches: 214,
    scratchBytes: 21e6,
    unsharedBytes: 180e6,
    constantBytes: 2e5,
    externalBytes: 4e6,
    totalBytes: 25.2e6,
  },
  kernels: { 'forward 4x64x128x3 3x3': 'register 4x4', 'toFilter 4x32x64x16 3x3': 'broadcast filter' },
  programs: [{ name: 'fake {"width":4}', wgsl: '@compute @workgroup_size(64)\nfn main() {}' }],
};

const FAKE_TIMES = [
  { name: 'conv2dRegister {"rows":4}', dispatches: 21, ms: 3.25 },
  { name: 'adam {}', dispatches: 1, ms: 0.5 },
];

export interface FakeWorkerOptions {
  readonly hello?: Partial<Hello>;
  readonly device?: DeviceInfo;
  readonly report?: ImportReport | StudioError;
  /** Milliseconds per training step. */
  readonly stepMs?: number;
  /** Milliseconds per eight imported pairs. */
  readonly importMs?: number;
  /** Never says hello: the page waits. */
  readonly silent?: boolean;
  /** Every stored run is trained by another tab. */
  readonly isWatched?: boolean;
  readonly snapshots?: readonly RunSnapshot[];
}

export interface FakeWorker {
  readonly client: Client;
  readonly emit: Emit;
  /** What the studio sent, in order. */
  readonly sent: ToWorker[];
  fail(error: SerialisedError): void;
  /** Nothing arrives any more. */
  close(): void;
}

export function createFakeWorker(options: FakeWorkerOptions = {}): FakeWorker {
  const [near, far] = portPair<ToWorker, ToStudio>();
  const sent: ToWorker[] = [];
  let emitOut: Emit | null = null;
  serve(far, (emit) => {
    emitOut = emit;
    return createHandlers(emit, options);
  });
  const client = new Client({
    ...near,
    // The fake never opens a file.
    post: (message) => {
      sent.push(message);
      near.post(withoutDoor(message));
    },
  });
  const emit: Emit = (...event) => emitOut?.(...event);
  return { client, sent, emit, fail: (error) => emit('failure', { error }), close: () => near.close() };
}

function withoutDoor(message: ToWorker): ToWorker {
  if (message.kind !== 'request' || message.name !== 'import.inspect') return message;
  return { ...message, body: { ...message.body, door: null } };
}

export function createHandlers(
  emit: Emit,
  options: FakeWorkerOptions,
): { requests: RequestHandlers; commands: CommandHandlers } {
  const {
    hello,
    device = FAKE_DEVICE,
    report = FAKE_REPORT,
    stepMs = 20,
    importMs = 30,
    silent = false,
    isWatched = false,
    snapshots = [],
  } = options;
  const datasets: DatasetInfo[] = [...(hello?.datasets ?? [])];
  const runs = new Map<RunId, FakeRun>();
  let stored: readonly RunSummary[] = hello?.runs ?? [];
  let unreadable: readonly UnreadableRun[] = hello?.unreadableRuns ?? [];
  let nextRun = 1;
  let debug = FAKE_DEBUG;
  const find = (runId: RunId): FakeRun => {
    const run = runs.get(runId);
    if (run === undefined) throw new StudioError('data.not-found', `There is no run ${runId}.`, 'Choose another run.');
    return run;
  };
  const importing = fakeImporter(emit, datasets, importMs);
  const requests: RequestHandlers = {
    hello: async () => {
      if (silent) await new Promise(() => undefined);
      emit('device', { device });
      return {
        body: {
          protocolVersion: PROTOCOL_VERSION,
          ...RECORDED,
          datasets,
          runs: [],
          unreadableRuns: unreadable,
          ...hello,
        },
      };
    },
    ping: async () => ({ body: {} }),
    'scenes.preview': async ({ role, settings, indices }) => ({
      body: { tiles: indices.map((index) => fakeTile(role, settings, index)) },
    }),
    'dataset.tiles': async ({ dataset, indices }) => ({
      body: {
        tiles: indices.map((index) => {
          if (dataset.kind === 'scenes') return fakeTile(dataset.role, dataset.settings, index);
          const size = datasets.find(({ id }) => id === dataset.id)?.size ?? { width: 128, height: 64 };
          return fakeTile('camera', { size, styleGap: 1, layoutGap: 1 }, index);
        }),
      },
    }),
    'dataset.delete': async ({ datasetId }) => {
      datasets.splice(0, datasets.length, ...datasets.filter(({ id }) => id !== datasetId));
      return { body: { datasets } };
    },
    'import.inspect': async () => {
      if (report instanceof StudioError) throw report;
      return { body: { report } };
    },
    'import.choose': async ({ choices }) => {
      if (report instanceof StudioError) throw report;
      return { body: { report: { ...report, choices, questions: [] } } };
    },
    'import.findings': async () => ({ body: { issues: FAKE_REPORT.issues } }),
    'dataset.findings': async () => ({ body: { issues: FAKE_REPORT.issues, counts: FAKE_REPORT.issueCounts } }),
    'import.start': async ({ options: wished }) => ({ body: { datasetId: importing.start(wished) } }),
    'run.start': async ({ config, name }) => {
      const runId = `run-${nextRun++}` as RunId;
      const run = new FakeRun({ runId, name, config, device, stepMs }, emit);
      runs.set(runId, run);
      run.play();
      return { body: { runId, classes: run.classes, pinned: run.pinned } };
    },
    'run.open': async ({ runId }) => {
      const summary = stored.find((candidate) => candidate.runId === runId);
      const run = runs.get(runId) ?? (summary && reopened(summary, device, emit, stepMs));
      if (run === undefined) return { body: { record: find(runId).record(), pinned: [], isWatched: false } };
      runs.set(runId, run);
      return { body: { record: run.record(), pinned: run.pinned, isWatched } };
    },
    'run.snapshots': async () => ({ body: { snapshots } }),
    'run.restore': async () => ({ body: { runs: stored } }),
    'run.delete': async ({ runId }) => {
      runs.delete(runId);
      stored = stored.filter((summary) => summary.runId !== runId);
      unreadable = unreadable.filter((run) => run.runId !== runId);
      return { body: { runs: stored, unreadableRuns: unreadable } };
    },
    'run.export': async () => ({ body: { zip: new Uint8Array(22) } }),
    'run.setParams': async () => ({ body: {} }),
    'debug.inspect': async ({ eager = debug.eager ?? false, timeNextStep }) => {
      debug = { ...debug, eager, times: timeNextStep === true ? FAKE_TIMES : debug.times };
      return { body: debug };
    },
    // Its methods show nothing of a step, and no stage makes anything.
    'picture.pull': async ({ runId, kind, after }) => ({
      body: { frame: kind === PREDICTIONS.name ? await find(runId).frameAfter(after) : null },
    }),
  };
  const commands: CommandHandlers = {
    ...importing.commands,
    'run.pause': ({ runId }) => find(runId).pause(),
    'run.play': ({ runId }) => find(runId).play(),
    'run.step': ({ runId }) => find(runId).step(),
    'run.stop': ({ runId }) => find(runId).stop(),
  };
  return { requests, commands };
}

/** A run that was left in the middle waits. */
function reopened(
  { runId, name, config, step, status, classes = CITYSCAPES_CLASSES }: RunSummary,
  device: DeviceInfo,
  emit: Emit,
  stepMs: number,
) {
  const left = status === 'finished' ? 'finished' : 'paused';
  return new FakeRun({ runId, name, config, device, stepMs, done: step, status: left, classes }, emit);
}

function fakeImporter(emit: Emit, datasets: DatasetInfo[], importMs: number) {
  const progress = new Map<DatasetId, ImportProgress>();
  const change = (datasetId: DatasetId, part: Partial<ImportProgress>): void => {
    const now = progress.get(datasetId);
    if (now === undefined) return;
    const next = { ...now, ...part };
    progress.set(datasetId, next);
    emit('import.progress', { progress: next });
  };
  const advance = (datasetId: DatasetId): void => {
    const now = progress.get(datasetId);
    if (now === undefined || now.status === 'cancelled' || now.status === 'done') return;
    if (now.status === 'running') {
      const pairsDone = Math.min(now.pairsTotal, now.pairsDone + 8);
      const status = pairsDone === now.pairsTotal ? 'done' : 'running';
      change(datasetId, {
        pairsDone,
        tilesWritten: pairsDone,
        status,
        leftMs: ((now.pairsTotal - pairsDone) * importMs) / 8,
      });
    }
    setTimeout(() => advance(datasetId), importMs);
  };
  return {
    start: ({ name, size }: { name: string; size: DatasetInfo['size'] }): DatasetId => {
      const id = `dataset-${datasets.length + 1}` as DatasetId;
      const splits = { train: { tiles: 180, labelled: 180 }, val: { tiles: 20, labelled: 20 } };
      const shared = { layout: 'cityscapes', state: 'importing', origin: 'imported', createdAtMs: 0 } as const;
      datasets.push({ id, name, size, splits, classPixels: [], sizeBytes: 2e8, ...shared });
      emit('dataset.changed', { datasets: [...datasets] });
      const counts = { pairsDone: 0, pairsTotal: 200, tilesWritten: 0, bytesWritten: 0, elapsedMs: 0, leftMs: null };
      progress.set(id, { datasetId: id, status: 'running', ...counts });
      advance(id);
      return id;
    },
    commands: {
      'import.pause': ({ datasetId }: { datasetId: DatasetId }) => change(datasetId, { status: 'paused' }),
      'import.resume': ({ datasetId }: { datasetId: DatasetId }) => change(datasetId, { status: 'running' }),
      'import.cancel': ({ datasetId }: { datasetId: DatasetId }) => change(datasetId, { status: 'cancelled' }),
    },
  };
}
