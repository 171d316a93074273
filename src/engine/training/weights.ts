// A network's weights as a safetensors file under PyTorch's names and in its layout: exact in the round trip.
import { StudioError } from '../../domain/errors.ts';
import type { Network } from '../networks/network.ts';
import { networkEntry } from '../networks/registry.ts';
import { arraysOfParameters, assignStored, matchNames, type NameReport, snapshot } from './namedArrays.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** The weights as they are at the call. The metadata says `network`, the id to build them into again. */
export async function exportWeights(
  network: Network,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return writeSafetensors(await snapshot(arraysOfParameters(network.parameters)), { ...metadata, network: network.id });
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
  const network = networkEntry(id).build({ seed: 0 });
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
