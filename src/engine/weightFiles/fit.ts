// Which tensors of a file are for which arrays of a network, when scripts wrap names in what they please: `module.`, `_orig_mod.`,
// `model.`, `teacher.`, a dictionary's key. A prefix is what the names behind it make of it: the one taken is that which fits.
import { StudioError } from '../../domain/errors.ts';
import { nameMismatch } from './nameMismatch.ts';
import type { WeightTensor } from './tensors.ts';

/** An array that a network has: PyTorch's name and shape. */
export interface WantedArray {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A tensor of the file for an array of the network, by name; shapes may differ. */
export interface FittingPair {
  readonly wanted: WantedArray;
  readonly name: string;
  readonly tensor: WeightTensor;
}

export interface Fit {
  /** The dictionary or prefix that was taken, as the person names it; empty: names are as the network has them. */
  readonly entry: string;
  /** Others in the file that fit as well. */
  readonly others: readonly string[];
  /** In the order of the file; two may be for one array. */
  readonly pairs: readonly FittingPair[];
}

/** What wraps a module without saying which of several it is, wherever in a name. */
const TRANSPARENT = new Set(['module', '_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);
/** What the one network of a script is called; an average or a teacher is called something else. */
const NEUTRAL = new Set(['model', 'net', 'network', 'backbone', 'encoder', 'Scale', 'segmentor', 'state_dict']);
/** PyTorch counts batches for a momentum that nobody uses here. */
const IGNORED = /(?:^|\.)num_batches_tracked$/;

type Tensors = ReadonlyMap<string, WeightTensor>;

interface Name {
  readonly raw: string;
  readonly parts: readonly string[];
  readonly tensor: WeightTensor;
}

/** A prefix of the file's names, for one of the network's: what is behind both is the same. */
interface Candidate {
  readonly prefix: string;
  readonly ownPrefix: string;
  readonly pairs: FittingPair[];
  /** Pairs of equal shapes. */
  fits: number;
}

/** The names of a file that matter: those of tensors that could be somebody's weights. */
export const relevantNames = (tensors: Tensors): string[] => [...tensors.keys()].filter((name) => !IGNORED.test(name));

/**
 * Finds the tensors for `wanted`. `entry` names a dictionary or prefix of the file, where the person chose. Throws
 * `checkpoint.incompatible` if none fits, with names of either side, and `checkpoint.ambiguous` if several do.
 */
export function fitTensors(wanted: readonly WantedArray[], tensors: Tensors, entry: string | null): Fit {
  const names = [...tensors].flatMap(([raw, tensor]): Name[] => {
    const parts = raw.split('.').filter((part) => !TRANSPARENT.has(part));
    return IGNORED.test(raw) ? [] : [{ raw, parts, tensor }];
  });
  const all = candidatesOf(wanted, names).sort(byFit);
  const chosen = entry === null ? all : all.filter((candidate) => isCalled(candidate, entry));
  const [best] = chosen;
  if (best === undefined) throw noneFits(wanted, names, entry, alternatives(all).map(labelOf));
  const rivals = alternatives(chosen);
  const others = rivals.slice(1).map(labelOf);
  const taken = preferred(rivals, entry);
  if (taken === null) throw ambiguous(rivals);
  return {
    entry: labelOf(taken),
    others: [labelOf(best), ...others].filter((label) => label !== labelOf(taken)),
    pairs: entry === null ? [...taken.pairs, ...complement(taken, all)] : taken.pairs,
  };
}

/** Every prefix of a file's name under which the rest is, in full or within one of its modules, a name of the network. */
function candidatesOf(wanted: readonly WantedArray[], names: readonly Name[]): Candidate[] {
  const byRest = new Map<string, { readonly ownPrefix: string; readonly array: WantedArray }[]>();
  const add = (rest: string, ownPrefix: string, array: WantedArray): void => {
    byRest.set(rest, [...(byRest.get(rest) ?? []), { ownPrefix, array }]);
  };
  for (const array of wanted) {
    add(array.name, '', array);
    const [first = '', ...rest] = array.name.split('.');
    // `weight` alone is anybody's.
    if (rest.length >= 2) add(rest.join('.'), `${first}.`, array);
  }
  const found = new Map<string, Candidate>();
  for (const { raw, parts, tensor } of names) {
    for (let at = 0; at < parts.length; at++) {
      const prefix = parts
        .slice(0, at)
        .map((part) => `${part}.`)
        .join('');
      for (const { ownPrefix, array } of byRest.get(parts.slice(at).join('.')) ?? []) {
        // The same names one module further in: the shorter prefixes say it, and more.
        if (ownPrefix !== '' && `.${prefix}`.endsWith(`.${ownPrefix}`)) continue;
        const key = `${prefix} ${ownPrefix}`;
        const candidate = found.get(key) ?? { prefix, ownPrefix, pairs: [], fits: 0 };
        found.set(key, candidate);
        candidate.pairs.push({ wanted: array, name: raw, tensor });
        if (isSameShape(array.shape, tensor.shape)) candidate.fits += 1;
      }
    }
  }
  return [...found.values()].filter((candidate) => candidate.ownPrefix === '' || isMostOf(candidate, names));
}

export const isSameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);

/** Part of a network alone is taken from a file of little else: bare ImageNet weights for the backbone. */
function isMostOf({ prefix, fits }: Candidate, names: readonly Name[]): boolean {
  return 2 * fits >= names.filter(({ parts }) => `${parts.join('.')}`.startsWith(prefix)).length;
}

function byFit(a: Candidate, b: Candidate): number {
  return (
    b.fits - a.fits ||
    b.pairs.length - a.pairs.length ||
    a.ownPrefix.length - b.ownPrefix.length ||
    a.prefix.length - b.prefix.length
  );
}

/** What only the one part of a network is wrapped in: arrays that are left take tensors under a plain prefix. */
function complement(taken: Candidate, all: readonly Candidate[]): FittingPair[] {
  const filled = new Set(taken.pairs.map(({ wanted }) => wanted.name));
  return all
    .filter((candidate) => candidate !== taken && candidate.ownPrefix === '' && isPlain(candidate))
    .filter((candidate) => dictOf(candidate) === dictOf(taken))
    .flatMap(({ pairs }) => pairs.filter(({ wanted }) => !filled.has(wanted.name) && filled.add(wanted.name)));
}

const isPlain = ({ prefix }: Candidate): boolean => prefix.split('.').every((part) => part === '' || NEUTRAL.has(part));

/** The first, and those that fill the same arrays (half as many, at least) with other tensors of the file. */
function alternatives(sorted: readonly Candidate[]): Candidate[] {
  const [best] = sorted;
  if (best === undefined) return [];
  const arrays = new Set(best.pairs.map(({ wanted }) => wanted.name));
  const used = new Set(best.pairs.map(({ name }) => name));
  const rivals = [best];
  for (const candidate of sorted) {
    const { pairs, fits } = candidate;
    const common = pairs.filter(({ wanted, name }) => arrays.has(wanted.name) && !used.has(name)).length;
    if (fits === 0 || 2 * fits < best.fits || common < pairs.length) continue;
    for (const { name } of pairs) used.add(name);
    rivals.push(candidate);
  }
  return rivals;
}

/** Of several in one dictionary the one with a network's plain name is meant, its averages stand beside it. */
function preferred(rivals: readonly Candidate[], entry: string | null): Candidate | null {
  const [best, ...others] = rivals;
  if (best === undefined || others.length === 0) return best ?? null;
  const called = rivals.filter((candidate) => entry !== null && labelOf(candidate) === entry);
  if (called.length === 1) return called[0] ?? null;
  const [plain, ...morePlain] = rivals.filter(isPlain);
  if (plain === undefined || morePlain.length > 0) return null;
  const isOneDict = rivals.every((candidate) => dictOf(candidate) === dictOf(best));
  return isOneDict || labelOf(plain) === '' ? plain : null;
}

const dictOf = ({ pairs: [first] }: Candidate): string => first?.tensor.dict ?? '';

/** As the person names it: with the dictionary's key even where that is no part of names that count. */
const labelOf = (candidate: Candidate): string => candidate.prefix.replace(/\.$/, '') || dictOf(candidate);

const isCalled = (candidate: Candidate, entry: string): boolean =>
  [labelOf(candidate), dictOf(candidate)].some((name) => name === entry || name.startsWith(`${entry}.`));

function ambiguous(rivals: readonly Candidate[]): StudioError {
  const list = rivals.map((candidate) => `${labelOf(candidate)} (${candidate.fits} tensors)`).join(', ');
  return new StudioError(
    'checkpoint.ambiguous',
    `Several sets of weights in the file fit: ${list}.`,
    `Say which: FILE#${labelOf(rivals[0] as Candidate)}, for example.`,
    { entries: rivals.map(labelOf).join(',') },
  );
}

function noneFits(
  wanted: readonly WantedArray[],
  names: readonly Name[],
  entry: string | null,
  known: readonly string[],
): StudioError {
  if (entry !== null && known.length > 0) {
    return new StudioError(
      'checkpoint.incompatible',
      `Nothing in the file is called "${entry}" and fits; what fits is ${known.map((label) => `"${label}"`).join(', ')}.`,
      'Name one of those.',
      { entry },
    );
  }
  const mismatch = nameMismatch(
    wanted.map(({ name }) => name),
    names.map(({ raw }) => raw),
  );
  return new StudioError(
    'checkpoint.incompatible',
    `None of the ${names.length} tensors in the file fits the network. ${mismatch}`,
    'Choose a file with weights of this architecture.',
    { tensors: names.length },
  );
}
