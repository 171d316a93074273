// A network's weights as a safetensors file under PyTorch's names and in its layout: exact in the round trip.
import { StudioError } from '../../domain/errors.ts';
import type { ParamValues } from '../../domain/params.ts';
import type { Network } from '../networks/core/network.ts';
import { networkEntry } from '../networks/registry.ts';
import { arraysOfParameters, assignStored, matchNames, type NameReport, snapshot } from './namedArrays.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** The weights as they are at the call. The metadata says `network` and `params`, what to build them into again. */
export async function exportWeights(
  { id, params, parameters }: Network,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const chosen = Object.keys(params).length > 0 ? { params: JSON.stringify(params) } : {};
  return writeSafetensors(await snapshot(arraysOfParameters(parameters)), { ...metadata, network: id, ...chosen });
}

/**
 * Takes over every tensor whose name the network knows, and reports the rest. Throws `checkpoint.corrupt` for a broken file,
 * `checkpoint.incompatible` for a wrong shape or if no name matches; then nothing has changed.
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
  assignStored(arrays, tensors);
  return report;
}

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
  const network = networkEntry(id).build({ seed: 0, start: 'zeros', params: readParams(metadata.params) });
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
