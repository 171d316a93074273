// The rule that generates the parameters of golden networks, in place of stored ones: FNV-1a of the name seeds mulberry32.
import { invariant } from '../../../src/domain/errors.ts';
import type { StoredTensor } from '../../../src/engine/weightFiles/safetensors.ts';
import { GoldenCase, type GoldenResults, isRecord } from './goldenCase.ts';

export interface RuleTensor {
  readonly name: string;
  /** PyTorch's layout. */
  readonly shape: readonly number[];
  readonly lo: number;
  readonly hi: number;
}

/** Values in PyTorch's layout, row-major. */
export function ruleWeights({ name, shape, lo, hi }: RuleTensor, seed: number): Float32Array {
  const next = mulberry32((fnv1a32(name) ^ seed) | 0);
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from({ length: size }, () => lo + (hi - lo) * ((next() >>> 8) / 16777216));
}

function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
}

/** The generated parameters of a case's network, by name; `part` is the key where a case has several networks. */
export function ruleParameters(golden: GoldenCase, part?: string): ReadonlyMap<string, StoredTensor> {
  const own = part === undefined ? golden.weights : golden.weights[part];
  invariant(isRecord(own), () => `${golden.name} has no rule for ${part}.`);
  if (typeof own.same_as === 'string') return ruleParameters(new GoldenCase(golden.folder, own.same_as), part);
  const { seed, table } = own;
  invariant(typeof seed === 'number' && Array.isArray(table), () => `${golden.name} has no weight rule.`);
  return new Map(
    table.map((entry: unknown) => {
      invariant(isRecord(entry), () => `${golden.name}: a rule is no object.`);
      const rule: RuleTensor = {
        name: String(entry.name),
        shape: golden.numbers('shape', entry),
        lo: golden.number('lo', entry),
        hi: golden.number('hi', entry),
      };
      return [rule.name, { type: 'F32', shape: rule.shape, values: ruleWeights(rule, seed) }];
    }),
  );
}

/** The case that stores whole generated tensors. */
export function runWeightRule(golden: GoldenCase): GoldenResults {
  const tensors = golden.attributes.tensors;
  invariant(Array.isArray(tensors), () => `${golden.name} lists no tensors.`);
  const results: Record<string, Float32Array> = {};
  for (const entry of tensors) {
    invariant(isRecord(entry), () => `${golden.name}: an entry is no object.`);
    const rule: RuleTensor = {
      name: String(entry.name),
      shape: golden.get(String(entry.name)).shape,
      lo: golden.number('lo', entry),
      hi: golden.number('hi', entry),
    };
    results[rule.name] = ruleWeights(rule, golden.number('seed', entry));
  }
  return results;
}
