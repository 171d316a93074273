// npm run headless -- train: the studio's main job without a browser, over the same session. One run a seed; trainRun.ts
// does the run, ablationTable.ts the tables at the end.
import { join } from 'node:path';
import type { ClassSet } from '../../../domain/classes.ts';
import type { Size } from '../../../domain/dataset.ts';
import { DEFAULT_SCENES } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { MeanSubset } from '../../../domain/meanSubsets.ts';
import { resolveParams } from '../../../domain/params.ts';
import { type Recipe, stepsOfStage } from '../../../domain/recipe.ts';
import type { RunConfig } from '../../../domain/run.ts';
import { refuseWrongSize } from '../../../engine/networks/core/network.ts';
import { networkEntry } from '../../../engine/networks/registry.ts';
import { initialWeightsName, readInitialWeights } from '../../../session/recipes/initialWeights.ts';
import { sharedClasses } from '../../../session/run/runClasses.ts';
import { parseRunConfig } from '../../../session/run/runConfig.ts';
import { openDevice } from '../device.ts';
import { writeExports } from '../exports/writeExports.ts';
import type { Interrupts } from '../interrupts.ts';
import { type AblationResult, classTable, labelTable, ladderTable } from '../report/ablationTable.ts';
import { importReport } from '../report/importReport.ts';
import { scoreCaption } from '../report/scoreTable.ts';
import { DirectoryLock, refuseHeld } from '../storage/directoryLock.ts';
import { expectThere, FolderDatasets, nameBegins } from '../storage/folderDatasets.ts';
import { type NamedWeights, weightsAt } from '../storage/weightFile.ts';
import { checkFolder } from '../storage/writtenFiles.ts';
import {
  readChoice,
  readInteger,
  readNumber,
  readSeeds,
  readSettings,
  readSize,
  refuseIdle,
  refuseTwice,
} from './arguments.ts';
import { choiceOptions, readChoices } from './importArguments.ts';
import { MEAN_OPTION, readMeans } from './meanArguments.ts';
import { readOptions } from './options.ts';
import { readRecipe } from './recipeArguments.ts';
import { type RunOrder, refuseOtherRun, trainRun } from './trainRun.ts';

const OPTIONS = {
  recipe: { type: 'string', default: 'source-only' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  source: { type: 'string' },
  target: { type: 'string' },
  validate: { type: 'string' },
  labels: { type: 'string' },
  network: { type: 'string', default: 'lite' },
  'set-network': { type: 'string', multiple: true, default: [] as string[] },
  init: { type: 'string' },
  size: { type: 'string', default: '128x64' },
  steps: { type: 'string' },
  'steps-scale': { type: 'string' },
  'evaluate-every': { type: 'string' },
  minutes: { type: 'string' },
  'style-gap': { type: 'string' },
  'layout-gap': { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  backend: { type: 'string', default: 'auto' },
  out: { type: 'string' },
  'take-over': { type: 'boolean', default: false },
  ...MEAN_OPTION,
  ...choiceOptions('source-'),
  ...choiceOptions('target-'),
  ...choiceOptions('validate-'),
} as const;

export async function trainCommand(args: readonly string[], interrupts: Interrupts): Promise<number> {
  const { values } = readOptions(args, OPTIONS);
  refuseIdleOptions(values);
  const size = readSize('size', values.size);
  refuseWrongSize(networkEntry(values.network).info, size);
  const network = { network: values.network, ...networkSettings(values.network, values['set-network']) };
  const { recipe, labels } = await readRecipe(values);
  const seeds = readSeeds(values);
  const minutes = values.minutes === undefined ? null : readNumber('minutes', values.minutes, 0.01, 100_000);
  const labelledTargets = readInteger('labels', values.labels ?? labels ?? '20', 0, 1_000_000);
  const backend = readChoice('backend', values.backend, ['auto', 'webgpu', 'webgl', 'cpu']);
  const evaluateEvery = readInteger(
    'evaluate-every',
    values['evaluate-every'] ?? String(everyDefault(recipe)),
    1,
    10_000_000,
  );
  if (values.out !== undefined) {
    await checkFolder('out', values.out);
    await refuseHeld(values.out, values['take-over']);
  }
  const known = { schemaVersion: 2, labelledTargets, ...network, recipe, evaluateEvery, evaluationImages: 32 } as const;
  const begins = (path: string | undefined): string | null => (path === undefined ? null : nameBegins(path, size));
  const places = { source: begins(values.source), target: begins(values.target) };
  for (const seed of values.out === undefined ? [] : seeds) {
    await refuseOtherRun(folderOf(values.out ?? '', seed, seeds.length), { ...known, seed }, places);
  }
  const init = values.init === undefined ? null : await weightsAt(values.init);
  await expectThere([values.source, values.target, values.validate].filter((path) => path !== undefined));
  const datasets = new FolderDatasets(size);
  const picked = await pickDatasets(values, size, datasets);
  const classes = await classesOfAll(picked, datasets);
  const means = readMeans(values.mean, classes);
  const device = await openDevice(backend);

  const initialWeights = init === null ? null : await readInit(init, network, classes.length);

  const scored = { size, classes, means };
  const order = { device, datasets, minutes, initialWeights, means, interrupts, takeOver: values['take-over'] };
  const configOf = (seed: number): RunConfig =>
    parseRunConfig({
      ...known,
      seed,
      ...picked,
      ...(initialWeights === null ? {} : { initialWeights: initialWeightsName(initialWeights) }),
    });
  if (seeds.length > 1) {
    await trainSeeds(seeds.map(configOf), values.out ?? null, order, scored);
    return 0;
  }
  const { ablation } = await trainRun({ ...order, config: configOf(seeds[0] ?? 0), directory: values.out ?? null });
  if (ablation.length > 1) printTables(ablation, scored);
  return 0;
}

/** Of several seeds each has a folder of its own. */
const folderOf = (out: string, seed: number, seeds: number): string => (seeds === 1 ? out : join(out, `seed-${seed}`));

/** What scores in tables are about. */
interface Scored {
  readonly size: Size;
  readonly classes: ClassSet;
  readonly means: readonly MeanSubset[];
}

/** A folder a run, and a table of all. */
async function trainSeeds(
  configs: readonly RunConfig[],
  out: string | null,
  order: Omit<RunOrder, 'config' | 'directory'>,
  scored: Scored,
): Promise<void> {
  const lock = out === null ? null : await DirectoryLock.take(out, order.takeOver);
  const results: AblationResult[] = [];
  try {
    for (const config of configs) {
      console.log(`Seed ${config.seed}`);
      const directory = out === null ? null : folderOf(out, config.seed, configs.length);
      const { ablation, isFinished } = await trainRun({ ...order, config, directory });
      results.push(...ablation);
      if (!isFinished || order.interrupts.status !== null) break;
    }
    if (results.length > 1) printTables(results, scored);
    if (out === null) return;
    await lock?.check();
    await writeExports('recipe', out, { ablation: results });
  } finally {
    lock?.release();
  }
}

function printTables(results: readonly AblationResult[], { size, classes, means }: Scored): void {
  console.log(`\n${scoreCaption('tiles', [size])}\n${ladderTable(results)}\n\n${classTable(results, classes, means)}`);
  const byLabels = labelTable(results);
  if (byLabels !== null) console.log(`\n${byLabels}`);
}

/** Options that say something about what is not there. */
function refuseIdleOptions(values: ReturnType<typeof readOptions<typeof OPTIONS>>['values']): void {
  const { source, target, validate, out } = values;
  if (out === undefined) refuseIdle(values, ['take-over'], 'out');
  if (source === undefined) refuseIdle(values, Object.keys(choiceOptions('source-')), 'source');
  if (target === undefined) refuseIdle(values, ['validate', ...Object.keys(choiceOptions('target-'))], 'target');
  if (validate === undefined) refuseIdle(values, Object.keys(choiceOptions('validate-')), 'validate');
  const gap = source === undefined ? undefined : (['style-gap', 'layout-gap'] as const).find((name) => name in values);
  if (gap === undefined) return;
  const advice = `Leave --${gap} out, or the folders.`;
  throw new StudioError('config.invalid', `--${gap} is of the built-in pair; folders are as they are.`, advice, {
    key: gap,
  });
}

function networkSettings(id: string, given: readonly string[]): Pick<RunConfig, 'networkParams'> {
  refuseTwice('set-network', given);
  const { params = {} } = networkEntry(id).info;
  return given.length === 0 ? {} : { networkParams: resolveParams(params, readSettings('set-network', params, given)) };
}

/** Throws `config.class-mismatch`: before a device is opened. */
async function classesOfAll(
  { source, target, validation }: PickedDatasets,
  datasets: FolderDatasets,
): Promise<ClassSet> {
  const refs = [source, target, ...(validation === null ? [] : [validation])];
  return sharedClasses(await Promise.all(refs.map((ref) => datasets.source(ref))));
}

/** The weights to begin with, tried before anything is trained. Throws `checkpoint.*`. */
async function readInit(
  { source, entry }: NamedWeights,
  { network: id, networkParams: params = {} }: Pick<RunConfig, 'network' | 'networkParams'>,
  classes: number,
): Promise<Uint8Array> {
  const network = networkEntry(id).build({ seed: 0, start: 'zeros', classes, params });
  try {
    const { report, file } = await readInitialWeights(network, source, entry);
    console.log(importReport(report));
    return file;
  } finally {
    network.dispose();
  }
}

/** A single method is looked at often; a recipe of many stages mainly at the end of each. */
function everyDefault({ stages }: Recipe): number {
  const longest = Math.max(1, ...stages.map(stepsOfStage));
  return stages.length === 1 ? Math.max(1, Math.round(longest / 10)) : longest;
}

type PickedDatasets = Pick<RunConfig, 'source' | 'target' | 'validation'>;

async function pickDatasets(
  values: {
    source?: string | undefined;
    target?: string | undefined;
    validate?: string | undefined;
    'style-gap'?: string | undefined;
    'layout-gap'?: string | undefined;
  } & Parameters<typeof readChoices<'source-' | 'target-' | 'validate-'>>[1],
  size: Size,
  datasets: FolderDatasets,
): Promise<PickedDatasets> {
  if (values.source === undefined && values.target === undefined) {
    const settings = {
      size,
      styleGap: readNumber('style-gap', values['style-gap'] ?? String(DEFAULT_SCENES.styleGap), 0, 1),
      layoutGap: readNumber('layout-gap', values['layout-gap'] ?? String(DEFAULT_SCENES.layoutGap), 0, 1),
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
  const choices = {
    source: await readChoices('source-', values),
    target: await readChoices('target-', values),
    validate: await readChoices('validate-', values),
  };
  const { source, target, validate } = values;
  const holdOut = validate === undefined ? 0.2 : 0;
  return {
    source: await datasets.add(source, { holdOut: 0, prefix: 'source-', choices: choices.source }),
    target: await datasets.add(target, { holdOut, prefix: 'target-', choices: choices.target }),
    validation:
      validate === undefined
        ? null
        : await datasets.add(validate, {
            holdOut: 0,
            onlyValidation: true,
            prefix: 'validate-',
            choices: choices.validate,
          }),
  };
}
