// A network's weights as a safetensors file under PyTorch's names and in its layout: exact in the round trip.
import { CITYSCAPES_CLASSES, type ClassSet, checkedClasses } from '../../domain/classes.ts';
import type { Size } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type { ParamValues } from '../../domain/params.ts';
import type { Network } from '../networks/core/network.ts';
import { networkEntry } from '../networks/registry.ts';
import { normalisationOf } from '../nn/imageRange.ts';
import { readSafetensors, writeSafetensors } from '../weightFiles/safetensors.ts';
import { isFinite32 } from '../weightFiles/tensors.ts';
import { arraysOfParameters, assignStored, matchNames, type NameReport, snapshot } from './namedArrays.ts';

/** What weights were made with, as their file tells it. */
export interface TrainedWith {
  /** Of every training image. */
  readonly size: Size;
  readonly classes: ClassSet;
}

/**
 * The weights as they are at the call. The metadata says what to build them into again (`network`, `params`), what that network
 * does to images of 0 to 255 first (`normalisation`), and what they were trained with: `width` and `height` in
 * pixels, and for every score the name of its class (`classes`) and its colour (`palette`).
 */
export async function exportWeights(
  { id, params, parameters }: Network,
  trainedWith?: TrainedWith,
): Promise<Uint8Array<ArrayBuffer>> {
  const metadata = {
    network: id,
    ...(Object.keys(params).length > 0 ? { params: JSON.stringify(params) } : {}),
    normalisation: JSON.stringify(normalisationOf(params.imageRange)),
    ...(trainedWith === undefined ? {} : trainedMetadata(trainedWith)),
  };
  return writeSafetensors(await snapshot(arraysOfParameters(parameters)), metadata);
}

/** Some of the weights alone, by name, for a file that is not to be built from. */
export async function exportArrays(
  { parameters }: Network,
  names: ReadonlySet<string>,
): Promise<Uint8Array<ArrayBuffer>> {
  return writeSafetensors(await snapshot(arraysOfParameters(parameters.filter(({ name }) => names.has(name)))));
}

function trainedMetadata({ size, classes }: TrainedWith): Readonly<Record<string, string>> {
  return {
    width: String(size.width),
    height: String(size.height),
    classes: JSON.stringify(classes.map(({ name }) => name)),
    palette: JSON.stringify(classes.map(({ rgb }) => rgb)),
  };
}

/** The size of the images that a file's weights were trained on; null where its metadata does not say. */
export function trainedSize({ width, height }: Readonly<Record<string, string>>): Size | null {
  const size = { width: Number(width), height: Number(height) };
  return [size.width, size.height].every((side) => Number.isSafeInteger(side) && side > 0) ? size : null;
}

/** What the scores of a file's weights are about: Cityscapes' classes where its metadata names none. Throws `checkpoint.corrupt`. */
export function trainedClasses({ classes, palette }: Readonly<Record<string, string>>): ClassSet {
  if (classes === undefined) return CITYSCAPES_CLASSES;
  try {
    const [names, colours] = [JSON.parse(classes), JSON.parse(palette ?? '[]')];
    return checkedClasses(Array.from(names, (name, i) => ({ name: String(name), rgb: colours[i] ?? [] })));
  } catch (cause) {
    throw new StudioError(
      'checkpoint.corrupt',
      'The weight file names classes that are no set of classes.',
      'Export the weights again.',
      {},
      cause,
    );
  }
}

/**
 * Takes over every tensor whose name the network knows, and reports the rest. Throws `checkpoint.corrupt` for a broken file,
 * `checkpoint.incompatible` for a wrong shape, values that are no finite numbers or if no name matches; then nothing has changed.
 */
export function importWeights(network: Network, file: Uint8Array): NameReport {
  const { tensors } = readSafetensors(file);
  const arrays = arraysOfParameters(network.parameters);
  const report = matchNames(arrays, tensors);
  if (report.matched.length === 0) {
    throw new StudioError(
      'checkpoint.incompatible',
      `None of the ${tensors.size} tensors in the file belongs to the network "${network.id}".`,
      'Choose a file that was made for this network.',
      { network: network.id },
    );
  }
  for (const name of report.matched) {
    const tensor = tensors.get(name);
    if (tensor !== undefined && !isFinite32(tensor.values)) throw notFinite(network.id, name);
  }
  assignStored(arrays, tensors);
  return report;
}

const notFinite = (network: string, tensor: string): StudioError =>
  new StudioError(
    'checkpoint.incompatible',
    `"${tensor}" of the weight file holds NaN or infinities: no scores come of it.`,
    'Choose weights from before the training diverged.',
    { network, tensor, reason: 'not-finite' },
  );

/** Builds the network that an exported file is for, with its weights; all of them must be there. */
export function loadNetwork(file: Uint8Array): Network {
  const { metadata } = readSafetensors(file);
  const { network: id } = metadata;
  if (id === undefined) {
    throw new StudioError(
      'checkpoint.incompatible',
      'The weight file does not say which network it is for.',
      'Choose a file that was exported by the studio.',
    );
  }
  const classes = trainedClasses(metadata).length;
  const network = networkEntry(id).build({ seed: 0, start: 'zeros', classes, params: readParams(metadata.params) });
  try {
    const { missing } = importWeights(network, file);
    if (missing.length === 0) return network;
    throw new StudioError(
      'checkpoint.incompatible',
      `The weight file lacks ${missing.length} tensors of "${id}", the first being "${missing[0]}".`,
      'Export the weights again.',
      { network: id, tensor: missing[0] ?? '' },
    );
  } catch (error) {
    network.dispose();
    throw error;
  }
}

function readParams(text: string | undefined): ParamValues {
  if (text === undefined) return {};
  try {
    const params: unknown = JSON.parse(text);
    if (isParamValues(params)) return params;
  } catch {
    // Refused below, like any other text.
  }
  throw new StudioError(
    'checkpoint.corrupt',
    'The weight file does not say how its network was built.',
    'Export the weights again.',
  );
}

function isParamValues(value: unknown): value is ParamValues {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => ['number', 'string', 'boolean'].includes(typeof item))
  );
}
