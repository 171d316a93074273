// Weights from outside the run that its segmentation networks begin with: a file of PyTorch's or one of ours, kept as
// safetensors among the run's outputs so that a run that is opened again begins as it did.
import { StudioError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';
import type { Network } from '../../engine/networks/core/network.ts';
import { type ImportReport, importPyTorch, refusalText } from '../../engine/training/importPyTorch.ts';
import { exportArrays } from '../../engine/training/weights.ts';
import { openWeights } from '../../engine/weightFiles/openWeights.ts';
import { type ByteSource, bytesSource, type WeightFile } from '../../engine/weightFiles/tensors.ts';
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
 * Tries a file on `network` and makes of it the one to keep: itself, if it is safetensors without a choice in it, else what
 * `entry` of it gave. Throws as {@link takeInitialWeights} does, `checkpoint.ambiguous` and `checkpoint.unsafe`.
 */
export async function readInitialWeights(
  network: Network,
  source: ByteSource,
  entry: string | null,
): Promise<{ readonly report: ImportReport; readonly file: Uint8Array }> {
  const weights = await openWeights(source);
  const report = await take(network, weights, entry);
  const isKept = weights.format === 'safetensors' && entry === null;
  return {
    report,
    file: isKept ? await source.read(0, source.sizeBytes) : await exportArrays(network, new Set(report.matched)),
  };
}

/**
 * Takes over what fits; what the file lacks stays as it was, and so does a classifier for other classes. Throws
 * `checkpoint.corrupt` for a broken file, `checkpoint.incompatible` if nothing fits or a tensor has another shape, another
 * type or values that are no numbers: such a file is not for this network.
 */
export async function takeInitialWeights(network: Network, file: Uint8Array): Promise<ImportReport> {
  return take(network, await openWeights(bytesSource(file)), null);
}

async function take(network: Network, weights: WeightFile, entry: string | null): Promise<ImportReport> {
  const report = await importPyTorch(network, weights, entry);
  const wrong = report.refused.filter(({ reason }) => reason !== 'classes');
  const [first] = wrong;
  if (first === undefined) return report;
  throw new StudioError(
    'checkpoint.incompatible',
    `${wrong.length} tensors of the weight file do not fit "${network.id}": ${refusalText(wrong)}.`,
    'Choose a file of this network, and the options it was trained with.',
    { network: network.id, tensor: first.name, reason: first.reason },
  );
}
