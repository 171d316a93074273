// npm run headless -- evaluate: scores stored weights on every labelled image of a folder, at the size of its labels.
import type { Size } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import { scoresOf } from '../../../domain/metrics.ts';
import { resolveParams } from '../../../domain/params.ts';
import { type Network, refuseWrongSize } from '../../../engine/networks/core/network.ts';
import { networkEntry } from '../../../engine/networks/registry.ts';
import { adaptStatistics } from '../../../engine/training/adaptStatistics.ts';
import { evaluate } from '../../../engine/training/evaluate.ts';
import { evaluateAtLabels, type LabelSizeEvaluation } from '../../../engine/training/evaluateAtLabels.ts';
import { expectAll, importPyTorch } from '../../../engine/training/importPyTorch.ts';
import type { Predict } from '../../../engine/training/trainer.ts';
import { loadNetwork, trainedClasses, trainedSize } from '../../../engine/training/weights.ts';
import { openWeights } from '../../../engine/weightFiles/openWeights.ts';
import type { WeightFile } from '../../../engine/weightFiles/tensors.ts';
import { refuseOtherClasses } from '../../../session/run/runClasses.ts';
import { expectSound, openDevice } from '../device.ts';
import { writeExport } from '../exports/writeExports.ts';
import { importReport } from '../report/importReport.ts';
import { scoresToJson } from '../report/report.ts';
import { SCORED_AT, type ScoredAt, scoreCaption, scoreTable, sizeText } from '../report/scoreTable.ts';
import { expectThere } from '../storage/folderDatasets.ts';
import { openScoredFolder, type ScoredFolder } from '../storage/scoredFolder.ts';
import { weightsAt } from '../storage/weightFile.ts';
import { checkFile } from '../storage/writtenFiles.ts';
import { readChoice, readSettings, readSize, refuseIdle } from './arguments.ts';
import { choiceOptions, readChoices } from './importArguments.ts';
import { MEAN_OPTION, readMeans } from './meanArguments.ts';
import { readOptions } from './options.ts';

const OPTIONS = {
  weights: { type: 'string' },
  network: { type: 'string' },
  'set-network': { type: 'string', multiple: true, default: [] as string[] },
  target: { type: 'string' },
  size: { type: 'string' },
  backend: { type: 'string', default: 'auto' },
  'adapt-batch-norm': { type: 'boolean', default: false },
  'score-at': { type: 'string', default: 'labels' },
  out: { type: 'string' },
  ...MEAN_OPTION,
  ...choiceOptions('target-'),
} as const;

/** For weights that do not say what they were trained at: what `train` trains at unless told. */
const DEFAULT_SIZE: Size = { width: 128, height: 64 };

/** Statistics move by a tenth a batch: after so many, little is left of what was there. */
const ADAPTED_BATCHES = 50;

export async function evaluateCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions(args, OPTIONS);
  const { weights, target, out, network: named } = values;
  if (weights === undefined || target === undefined) {
    throw new StudioError('config.invalid', 'evaluate needs --weights and --target.', 'Give both.');
  }
  if (named === undefined && values['set-network'].length > 0) refuseIdle(values, ['set-network'], 'network');
  const asked = values.size === undefined ? null : readSize('size', values.size);
  const backend = readChoice('backend', values.backend, ['auto', 'webgpu', 'webgl', 'cpu']);
  const scoredAt = readChoice('score-at', values['score-at'], SCORED_AT);
  const choices = await readChoices('target-', values);
  if (out !== undefined) await checkFile('out', out);
  const { source: bytes, entry } = await weightsAt(weights);
  if (named === undefined && entry !== null) {
    const advice = 'Leave it out, or name the network of a PyTorch file with --network.';
    const context = { key: 'weights', value: weights };
    throw new StudioError(
      'config.invalid',
      `--weights ${weights}: a file of the studio has one set of weights.`,
      advice,
      context,
    );
  }
  const file = await openWeights(bytes);
  const { metadata } = file;
  const trained = trainedSize(metadata);
  const size = asked ?? trained ?? DEFAULT_SIZE;
  refuseWrongSize(networkEntry(named ?? networkOf(file)).info, size);
  await expectThere([target]);
  await openDevice(backend);
  const own = named === undefined ? loadNetwork(await bytes.read(0, bytes.sizeBytes)) : null;
  console.log(`Run at ${sizeText(size)}; ${trainedText(trained)}; ${SCORED_TEXT[scoredAt]}`);
  const folder = await openScoredFolder(target, size, { choices, prefix: 'target-' });
  const { classes } = folder;
  if (own !== null) refuseOtherClasses({ of: weights, classes: trainedClasses(metadata) }, { of: target, classes });
  const means = readMeans(values.mean, classes);
  const network = own ?? (await loadPyTorch(named ?? '', values['set-network'], classes.length, { file, entry }));
  if (values['adapt-batch-norm']) console.log(await adapted(network, folder));
  const { images, confusion, labelSizes } = await scored(network, folder, size, scoredAt);
  await expectSound();
  for (const line of folder.findings()) console.log(line);
  const scores = scoresOf(confusion);
  const caption = scoreCaption(scoredAt, scoredAt === 'tiles' ? [size] : labelSizes);
  console.log(`${caption}\n${scoreTable({ trained: scores }, classes, means)}\n${images} images`);
  if (out === undefined) return 0;
  await writeExport('evaluation', 'evaluation', out, {
    weights,
    target,
    size,
    trainedSize: trained,
    scoredAt,
    ...(scoredAt === 'labels' ? { labelSizes } : {}),
    images,
    ...scoresToJson(scores, classes, means),
    confusion: [...confusion],
  });
  return 0;
}

const SCORED_TEXT = {
  labels: "scored at the labels' own size",
  tiles: 'scored at the size it runs at, to which labels are shrunk',
} as const satisfies Record<ScoredAt, string>;

async function scored(
  network: Network,
  folder: ScoredFolder,
  size: Size,
  at: ScoredAt,
): Promise<Omit<LabelSizeEvaluation, 'step'>> {
  const predict: Predict = (x) => network.forward(x, 'evaluate');
  return at === 'labels'
    ? evaluateAtLabels(predict, folder.pictures(), size)
    : { ...(await evaluate(predict, folder.batches(), 0)), labelSizes: [] };
}

async function adapted(network: Network, folder: ScoredFolder): Promise<string> {
  const batches = await adaptStatistics(network, folder.unlabelled(ADAPTED_BATCHES));
  return batches === 0 ? `"${network.id}" keeps no batch statistics` : `statistics taken from ${batches} batches`;
}

const trainedText = (trained: Size | null): string =>
  trained === null ? 'the weights do not say at which size they were trained' : `trained at ${sizeText(trained)}`;

/** Which network a file says it is for. Throws `checkpoint.incompatible` for PyTorch's, which do not. */
function networkOf({ metadata: { network } }: WeightFile): string {
  if (network !== undefined) return network;
  throw new StudioError(
    'checkpoint.incompatible',
    'The weight file does not say which network it is for.',
    'Name the network with --network, or choose a file that was exported by the studio.',
  );
}

/** The network `id` with the weights of a file that PyTorch wrote. Throws `checkpoint.incompatible` unless all are there. */
async function loadPyTorch(
  id: string,
  settings: readonly string[],
  classes: number,
  { file, entry }: { readonly file: WeightFile; readonly entry: string | null },
): Promise<Network> {
  const { info, build } = networkEntry(id);
  const { params = {} } = info;
  const chosen = resolveParams(params, readSettings('set-network', params, settings));
  const network = build({ seed: 0, start: 'zeros', classes, params: chosen });
  const report = await importPyTorch(network, file, entry);
  console.log(importReport(report));
  expectAll(network, report);
  return network;
}
