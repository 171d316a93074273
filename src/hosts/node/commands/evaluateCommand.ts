// npm run headless -- evaluate: scores stored weights on every labelled image of a folder.
import { parseArgs } from 'node:util';
import { classesOf } from '../../../domain/classes.ts';
import type { Size } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import { scoresOf } from '../../../domain/metrics.ts';
import { resolveParams } from '../../../domain/params.ts';
import { type Network, refuseWrongSize } from '../../../engine/networks/core/network.ts';
import { networkEntry } from '../../../engine/networks/registry.ts';
import { adaptStatistics } from '../../../engine/training/adaptStatistics.ts';
import { evaluate } from '../../../engine/training/evaluate.ts';
import { expectAll, importPyTorch } from '../../../engine/training/importPyTorch.ts';
import { loadNetwork, trainedClasses, trainedSize } from '../../../engine/training/weights.ts';
import { openWeights } from '../../../engine/weightFiles/openWeights.ts';
import type { WeightFile } from '../../../engine/weightFiles/tensors.ts';
import { refuseOtherClasses } from '../../../session/run/runClasses.ts';
import { unlabelledBatches, validationOf } from '../../../session/run/validation.ts';
import { openDevice } from '../device.ts';
import { importReport } from '../report/importReport.ts';
import { scoresToJson } from '../report/report.ts';
import { scoreTable } from '../report/scoreTable.ts';
import { expectThere, FolderDatasets } from '../storage/folderDatasets.ts';
import { weightsAt } from '../storage/weightFile.ts';
import { checkFile, writeWhole } from '../storage/writtenFiles.ts';
import { readChoice, readSettings, readSize } from './arguments.ts';
import { choiceOptions, readChoices } from './importArguments.ts';
import { MEAN_OPTION, readMeans } from './meanArguments.ts';

const OPTIONS = {
  weights: { type: 'string' },
  network: { type: 'string' },
  'set-network': { type: 'string', multiple: true, default: [] as string[] },
  target: { type: 'string' },
  size: { type: 'string' },
  backend: { type: 'string', default: 'auto' },
  'adapt-batch-norm': { type: 'boolean', default: false },
  out: { type: 'string' },
  ...MEAN_OPTION,
  ...choiceOptions('target-'),
} as const;

/** For weights that do not say what they were trained at: what `train` trains at unless told. */
const DEFAULT_SIZE: Size = { width: 128, height: 64 };

/** Statistics move by a tenth a batch: after so many, little is left of what was there. */
const ADAPTED_BATCHES = 50;

export async function evaluateCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const { weights, target, out, network: named } = values;
  if (weights === undefined || target === undefined) {
    throw new StudioError('config.invalid', 'evaluate needs --weights and --target.', 'Give both.');
  }
  const asked = values.size === undefined ? null : readSize('size', values.size);
  const backend = readChoice('backend', values.backend, ['auto', 'webgpu', 'webgl', 'cpu']);
  const choices = await readChoices('target-', values);
  if (out !== undefined) await checkFile('out', out);
  const { source: bytes, entry } = await weightsAt(weights);
  const file = await openWeights(bytes);
  const { metadata } = file;
  const trained = trainedSize(metadata);
  const size = asked ?? trained ?? DEFAULT_SIZE;
  refuseWrongSize(networkEntry(named ?? networkOf(file)).info, size);
  await expectThere([target]);
  await openDevice(backend);
  const own = named === undefined ? loadNetwork(await bytes.read(0, bytes.sizeBytes)) : null;
  console.log(`Scored at ${sizeText(size)}; ${trainedText(trained)}`);
  const datasets = new FolderDatasets(size);
  const source = await datasets.source(
    await datasets.add(target, {
      holdOut: 0,
      onlyValidation: true,
      prefix: 'target-',
      choices,
    }),
  );
  const validation = validationOf(source, 0);
  const classes = classesOf(source.info);
  if (own !== null) refuseOtherClasses({ of: weights, classes: trainedClasses(metadata) }, { of: target, classes });
  const means = readMeans(values.mean, classes);
  const network = own ?? (await loadPyTorch(named ?? '', values['set-network'], classes.length, { file, entry }));
  if (values['adapt-batch-norm']) {
    const { tiles } = source.info.splits.val;
    const batches = await adaptStatistics(network, unlabelledBatches(source, 'val', tiles, ADAPTED_BATCHES));
    console.log(
      batches === 0 ? `"${network.id}" keeps no batch statistics` : `statistics taken from ${batches} batches`,
    );
  }
  const { images, confusion } = await evaluate((x) => network.forward(x, 'evaluate'), validation.batches(true), 0);
  const scores = scoresOf(confusion);
  console.log(scoreTable({ trained: scores }, classes, means));
  console.log(`${images} images`);
  if (out !== undefined) {
    const report = {
      weights,
      target,
      size,
      trainedSize: trained,
      images,
      ...scoresToJson(scores, classes, means),
      confusion: [...confusion],
    };
    await writeWhole(out, `${JSON.stringify(report, null, 2)}\n`);
  }
  return 0;
}

const sizeText = ({ width, height }: Size): string => `${width}x${height}`;
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
  const chosen = resolveParams(params, readSettings(params, settings));
  const network = build({ seed: 0, start: 'zeros', classes, params: chosen });
  const report = await importPyTorch(network, file, entry);
  console.log(importReport(report));
  expectAll(network, report);
  return network;
}
