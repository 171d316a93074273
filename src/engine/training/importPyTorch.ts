// PyTorch weights from a safetensors file into a network, by name: torchvision's, AdaptSegNet's and ADVENT's files, whatever
// they were wrapped in. What fits is taken over, the rest is reported; weights.ts reads the studio's own files, strictly.
import { StudioError } from '../../domain/errors.ts';
import type { Network } from '../networks/core/network.ts';
import { torchShape } from '../nn/torchLayout.ts';
import { arraysOfParameters, assignStored, type NamedArray, type NameReport } from './namedArrays.ts';
import { readSafetensors, type StoredTensor, type StoredType } from './safetensors.ts';

/**
 * `classes`: a classifier for another number of classes. `shape`: any other shape that differs. `type`: whole numbers where
 * weights are real ones. `not-finite`: it holds NaN or infinities. `twice`: an earlier tensor of the file is for the same array.
 */
export type RefusalReason = 'classes' | 'shape' | 'type' | 'not-finite' | 'twice';

/** Plain data. `matched` and `missing` are names of the network, `unexpected` and `refused` names of the file. */
export interface ImportReport extends NameReport {
  readonly refused: readonly { readonly name: string; readonly reason: RefusalReason }[];
}

/** What training scripts put before names: DataParallel, Caffe's converter, torchvision's segmentation networks, wrappers. */
const WRAPPERS = /^(?:(?:module|model|Scale|backbone|state_dict)\.)+/;
/** PyTorch counts batches for a momentum that nobody uses here. */
const IGNORED = /(?:^|\.)num_batches_tracked$/;
const REAL_TYPES: readonly StoredType[] = ['F32', 'F16', 'BF16', 'F64'];

/**
 * Takes over every tensor that fits an array of `network`, names compared without their wrappers. Throws `checkpoint.corrupt`
 * for a broken file, `checkpoint.incompatible` if nothing fits; then nothing has changed.
 */
export function importPyTorch(network: Network, file: Uint8Array): ImportReport {
  const arrays = arraysOfParameters(network.parameters);
  const { fitting, unexpected, refused } = sort(network, arrays, readSafetensors(file).tensors);
  if (fitting.size === 0) {
    throw new StudioError(
      'checkpoint.incompatible',
      `None of the tensors in the file fits the network "${network.id}".`,
      'Choose a file with PyTorch weights of this architecture.',
      { network: network.id },
    );
  }
  assignStored(arrays, fitting);
  const asked = new Set(refused.map(({ name }) => bareName(name)));
  return {
    matched: [...fitting.keys()],
    missing: arrays.flatMap(({ name }) => (fitting.has(name) || asked.has(bareName(name)) ? [] : [name])),
    unexpected,
    refused,
  };
}

function sort(network: Network, arrays: readonly NamedArray[], stored: ReadonlyMap<string, StoredTensor>) {
  const arrayOf = new Map(arrays.map((array) => [bareName(array.name), array]));
  const fitting = new Map<string, StoredTensor>();
  const unexpected: string[] = [];
  const refused: ImportReport['refused'][number][] = [];
  for (const [name, tensor] of stored) {
    if (IGNORED.test(name)) continue;
    const array = arrayOf.get(bareName(name));
    if (array === undefined) {
      unexpected.push(name);
      continue;
    }
    const reason = fitting.has(array.name) ? 'twice' : reasonAgainst(network, array, tensor);
    if (reason === null) fitting.set(array.name, tensor);
    else refused.push({ name, reason });
  }
  return { fitting, unexpected, refused };
}

const bareName = (name: string): string => name.replace(WRAPPERS, '');

function reasonAgainst(network: Network, { name, shape }: NamedArray, tensor: StoredTensor): RefusalReason | null {
  const [outputs, ...others] = torchShape(shape);
  const [foundOutputs, ...foundOthers] = tensor.shape;
  const isAlike = others.length === foundOthers.length && others.every((side, i) => side === foundOthers[i]);
  if (!isAlike || foundOutputs === undefined) return 'shape';
  if (foundOutputs !== outputs) return network.isClassifier?.(name) === true ? 'classes' : 'shape';
  if (!REAL_TYPES.includes(tensor.type)) return 'type';
  // As float32, which is what becomes of them: large values of float64 have no place there.
  for (const value of tensor.values) if (!Number.isFinite(Math.fround(value))) return 'not-finite';
  return null;
}
