// npm run headless -- train: the studio's main job without a browser, over the same session.
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { DatasetRef, Size } from '../../domain/dataset.ts';
import { DEFAULT_SCENES } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { resolveParams } from '../../domain/params.ts';
import type { RunConfig, RunId } from '../../domain/run.ts';
import { memory } from '../../engine/gpu/memory.ts';
import { methodEntry } from '../../engine/methods/registry.ts';
import { MemoryRunStore } from '../../session/memoryRunStore.ts';
import { type RunHost, resumeRun, startRun } from '../../session/openRun.ts';
import { parseRunConfig } from '../../session/runConfig.ts';
import { readChoice, readInteger, readNumber, readSettings, readSize } from './arguments.ts';
import { openDevice } from './device.ts';
import { DirectoryRunStore } from './directoryRunStore.ts';
import { FolderDatasets } from './folderDatasets.ts';
import { nodeClock } from './nodeClock.ts';
import { progressObserver } from './progress.ts';
import { writeReport } from './report.ts';

const RUN_ID = 'run' as RunId;

const OPTIONS = {
  recipe: { type: 'string', default: 'source-only' },
  seed: { type: 'string', default: '1' },
  source: { type: 'string' },
  target: { type: 'string' },
  validate: { type: 'string' },
  labels: { type: 'string' },
  network: { type: 'string', default: 'lite' },
  size: { type: 'string', default: '128x64' },
  steps: { type: 'string', default: '400' },
  'evaluate-every': { type: 'string' },
  minutes: { type: 'string' },
  'style-gap': { type: 'string', default: String(DEFAULT_SCENES.styleGap) },
  'layout-gap': { type: 'string', default: String(DEFAULT_SCENES.layoutGap) },
  set: { type: 'string', multiple: true, default: [] as string[] },
  backend: { type: 'string', default: 'auto' },
  out: { type: 'string' },
} as const;

export async function trainCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const size = readSize('size', values.size);
  const datasets = new FolderDatasets(size);
  const config = await configOf(values, size, datasets);
  const device = await openDevice(readChoice('backend', values.backend, ['auto', 'webgpu', 'webgl', 'cpu']));

  if (values.out !== undefined) mkdirSync(values.out, { recursive: true });
  const store = values.out === undefined ? new MemoryRunStore() : new DirectoryRunStore(values.out);
  const host: RunHost = { store, clock: nodeClock, device, memory, source: (ref) => datasets.source(ref) };
  const progress = progressObserver(config.steps);
  const earlier = (await store.listRuns()).find(({ runId }) => runId === RUN_ID);
  const session = await (async () => {
    if (earlier === undefined) return startRun(config, { runId: RUN_ID, name: values.recipe }, host, progress);
    refuseOther(earlier.config, config);
    console.log(`Continuing at step ${earlier.step}.`);
    return resumeRun(await store.load(RUN_ID), host, progress);
  })();

  const untrained = earlier === undefined ? await session.evaluateNow() : null;
  const startedAtMs = nodeClock.nowMs();
  const deadline =
    values.minutes === undefined
      ? null
      : setTimeout(() => void session.stop(), readNumber('minutes', values.minutes, 0.01, 100_000) * 60_000);
  const interrupt = () => void session.pause();
  process.once('SIGINT', interrupt);
  await session.play();
  process.off('SIGINT', interrupt);
  if (deadline !== null) clearTimeout(deadline);
  progress.end();
  if (progress.error !== null) throw progress.error;

  const final = await session.evaluateNow();
  const report = await writeReport({
    directory: values.out ?? null,
    summary: session.current,
    final,
    untrained,
    history: (await store.load(RUN_ID)).metrics,
    weights: await session.exportWeights(),
    trainedMs: nodeClock.nowMs() - startedAtMs,
    source: (await datasets.source(config.source)).info,
    target: (await datasets.source(config.target)).info,
  });
  console.log(report);
  return 0;
}

async function configOf(
  values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'],
  size: Size,
  datasets: FolderDatasets,
): Promise<RunConfig> {
  const [, recipe = values.recipe, count] = /^(supervised)-(\d+)$/.exec(values.recipe) ?? [];
  const method = methodEntry(readChoice('recipe', recipe, ['source-only', 'supervised']));
  const params = resolveParams(method.info.params, readSettings(method.info.params, values.set));
  const steps = readInteger('steps', values.steps, 1);
  const { source, target, validation } = await pickDatasets(values, size, datasets);
  return parseRunConfig({
    schemaVersion: 1,
    seed: readInteger('seed', values.seed, 0, 2 ** 31 - 1),
    source,
    target,
    validation,
    labelledTargets: readInteger('labels', values.labels ?? count ?? (method.info.needs.targetLabels ? '20' : '0'), 0),
    network: values.network,
    method: { id: method.info.id, params },
    steps,
    evaluateEvery: readInteger(
      'evaluate-every',
      values['evaluate-every'] ?? String(Math.max(1, Math.round(steps / 10))),
      1,
    ),
    evaluationImages: 32,
  });
}

async function pickDatasets(
  values: {
    source?: string | undefined;
    target?: string | undefined;
    validate?: string | undefined;
    'style-gap': string;
    'layout-gap': string;
  },
  size: Size,
  datasets: FolderDatasets,
): Promise<{ source: DatasetRef; target: DatasetRef; validation: DatasetRef | null }> {
  if (values.source === undefined && values.target === undefined) {
    const settings = {
      size,
      styleGap: readNumber('style-gap', values['style-gap'], 0, 1),
      layoutGap: readNumber('layout-gap', values['layout-gap'], 0, 1),
    };
    return {
      source: { kind: 'scenes', role: 'game', settings },
      target: { kind: 'scenes', role: 'camera', settings },
      validation: null,
    };
  }
  if (values.source === undefined || values.target === undefined) {
    throw new StudioError(
      'config.invalid',
      'Only one of --source and --target is given.',
      'Give both, or neither for the built-in pair.',
    );
  }
  return {
    source: await datasets.add(values.source, { holdOut: 0 }),
    target: await datasets.add(values.target, { holdOut: values.validate === undefined ? 0.2 : 0 }),
    validation:
      values.validate === undefined ? null : await datasets.add(values.validate, { holdOut: 0, onlyValidation: true }),
  };
}

function refuseOther(stored: RunConfig, asked: RunConfig): void {
  if (JSON.stringify(stored) === JSON.stringify(asked)) return;
  throw new StudioError(
    'config.invalid',
    'The directory given by --out holds a run with other settings.',
    'Give the same options to continue it, or another --out.',
  );
}
