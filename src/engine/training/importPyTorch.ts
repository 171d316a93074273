// PyTorch weights into a network, by name: torchvision's, AdaptSegNet's and ADVENT's files, whatever they were wrapped in.
// What fits is taken over, the rest is reported; weights.ts reads the studio's own files, strictly.
import { StudioError } from '../../domain/errors.ts';
import type { Network } from '../networks/core/network.ts';
import { torchShape } from '../nn/torchLayout.ts';
import { type FittingPair, fitTensors, isSameShape, relevantNames } from '../weightFiles/fit.ts';
import { nameMismatch } from '../weightFiles/nameMismatch.ts';
import { isFinite32, isRealType, type WeightFile } from '../weightFiles/tensors.ts';
import { arraysOfParameters, assignValues, type NamedArray, type NameReport } from './namedArrays.ts';

/**
 * `classes`: a classifier for another number of classes. `shape`: any other shape that differs. `type`: no real numbers, or a
 * type that is not read. `not-finite`: it holds NaN or infinities. `twice`: an earlier tensor of the file is for the same array.
 */
export type RefusalReason = 'classes' | 'shape' | 'type' | 'not-finite' | 'twice';

export interface RefusedTensor {
  /** The file's. */
  readonly name: string;
  readonly reason: RefusalReason;
  /** What is wrong, as text: shapes or types of either side; empty where the reason says it all. */
  readonly detail: string;
}

/** Plain data. `matched` and `missing` are names of the network, everything else has names of the file. */
export interface ImportReport extends NameReport {
  /** The dictionary or prefix of the file that was taken; empty: names were as the network has them. */
  readonly entry: string;
  /** Others that would have fitted. */
  readonly others: readonly string[];
  /** Of `unexpected`, those of a type that is not read. */
  readonly otherTypes: readonly { readonly name: string; readonly type: string }[];
  readonly refused: readonly RefusedTensor[];
}

/**
 * Takes over every tensor that fits an array of `network`, from the dictionary or under the prefix `entry` where one is named.
 * Throws `checkpoint.incompatible` if nothing fits, `checkpoint.ambiguous` if several sets do, and what reading throws.
 */
export async function importPyTorch(
  network: Network,
  { tensors }: WeightFile,
  entry: string | null = null,
): Promise<ImportReport> {
  const arrays = new Map(arraysOfParameters(network.parameters).map((array) => [array.name, array]));
  const wanted = [...arrays.values()].map(({ name, shape }) => ({ name, shape: torchShape(shape) }));
  const fit = fitTensors(wanted, tensors, entry);
  const matched = new Set<string>();
  const asked = new Set<string>();
  const refused: RefusedTensor[] = [];
  for (const pair of fit.pairs) {
    const { name } = pair.wanted;
    const array = arrays.get(name) as NamedArray;
    const refusal = matched.has(name) ? { reason: 'twice' as const } : await take(network, array, pair);
    asked.add(name);
    if (refusal === null) matched.add(name);
    else refused.push({ detail: '', ...refusal, name: pair.name });
  }
  if (matched.size === 0) throw nothingFits(network, refused);
  const used = new Set(fit.pairs.map(({ name }) => name));
  const unexpected = relevantNames(tensors).filter((name) => !used.has(name));
  return {
    entry: fit.entry,
    others: fit.others,
    matched: [...arrays.keys()].filter((name) => matched.has(name)),
    missing: [...arrays.keys()].filter((name) => !asked.has(name)),
    unexpected,
    otherTypes: unexpected.flatMap((name) => {
      const type = tensors.get(name)?.type ?? '';
      return isRealType(type) ? [] : [{ name, type }];
    }),
    refused,
  };
}

type Refusal = Pick<RefusedTensor, 'reason'> & Partial<RefusedTensor>;

/** Reads and assigns one tensor; null, or why not. */
async function take(network: Network, array: NamedArray, { wanted, tensor }: FittingPair): Promise<Refusal | null> {
  if (!isSameShape(wanted.shape, tensor.shape)) {
    const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
    const detail = `${text(tensor.shape)} in the file, ${text(wanted.shape)} in the network`;
    const [, ...others] = wanted.shape;
    const isHead = network.isClassifier?.(wanted.name) === true && isSameShape(others, tensor.shape.slice(1));
    return { reason: isHead && tensor.shape.length > 0 ? 'classes' : 'shape', detail };
  }
  if (!isRealType(tensor.type)) return { reason: 'type', detail: tensor.type };
  const values = await tensor.read();
  if (!isFinite32(values)) return { reason: 'not-finite' };
  assignValues(array, values);
  return null;
}

function nothingFits(network: Network, refused: readonly RefusedTensor[]): StudioError {
  return new StudioError(
    'checkpoint.incompatible',
    `No tensor in the file fits the network "${network.id}": ${refusalText(refused)}.`,
    'Choose a file with weights of this architecture, and the options it was trained with.',
    { network: network.id },
  );
}

/** So many refused tensors are named. */
const SHOWN = 3;

/** The first few, with what is wrong about each. */
export function refusalText(refused: readonly RefusedTensor[]): string {
  const shown = refused
    .slice(0, SHOWN)
    .map(({ name, reason, detail }) => `"${name}" (${reason}${detail && `: ${detail}`})`);
  return `${shown.join(', ')}${refused.length > SHOWN ? ` and ${refused.length - SHOWN} more` : ''}`;
}

/** Throws `checkpoint.incompatible`, with names of either side, unless the file filled the whole network. */
export function expectAll({ id }: Pick<Network, 'id'>, { missing, refused, unexpected }: ImportReport): void {
  const lacking = missing.length + refused.length;
  if (lacking === 0) return;
  const refusals = refused.length === 0 ? '' : ` ${refusalText(refused)} cannot be taken.`;
  const names = missing.length === 0 ? '' : ` ${nameMismatch(missing, unexpected)}`;
  throw new StudioError(
    'checkpoint.incompatible',
    `The weight file lacks ${lacking} tensors of "${id}".${refusals}${names}`,
    'Choose a file of this network, and the options it was trained with (--set-network).',
    { network: id, tensor: missing[0] ?? refused[0]?.name ?? '' },
  );
}
