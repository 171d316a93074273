// Weights from outside the run that its segmentation networks begin with: a safetensors file, PyTorch's or one of ours, kept
// among the run's outputs so that a run that is opened again begins as it did.
import { StudioError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';
import type { Network } from '../../engine/networks/core/network.ts';
import { type ImportReport, importPyTorch } from '../../engine/training/importPyTorch.ts';
import type { RunStore } from '../ports.ts';
import { crc32 } from '../storage/crc32.ts';

/** Keeps the file where a run whose configuration names it finds it. Throws `storage.quota`. */
export async function keepInitialWeights(store: RunStore, runId: RunId, file: Uint8Array): Promise<void> {
  await store.saveOutput(runId, initialWeightsName(file), file);
}

/** Another file has another name, so that a configuration names what it began with. */
export function initialWeightsName(file: Uint8Array): string {
  return `initial-${crc32(file).toString(16).padStart(8, '0')}.safetensors`;
}

/**
 * Takes over what fits; what the file lacks stays as it was, and so does a classifier for other classes. Throws
 * `checkpoint.corrupt` for a broken file, `checkpoint.incompatible` if nothing fits or a tensor has another shape, another
 * type or values that are no numbers: such a file is not for this network.
 */
export function takeInitialWeights(network: Network, file: Uint8Array): ImportReport {
  const report = importPyTorch(network, file);
  const wrong = report.refused.filter(({ reason }) => reason !== 'classes');
  const [first] = wrong;
  if (first === undefined) return report;
  throw new StudioError(
    'checkpoint.incompatible',
    `${wrong.length} tensors of the weight file do not fit "${network.id}", the first being "${first.name}" (${first.reason}).`,
    'Choose a file of this network, and the options it was trained with.',
    { network: network.id, tensor: first.name, reason: first.reason },
  );
}
