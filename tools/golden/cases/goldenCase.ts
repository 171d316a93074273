// One golden case as it lies on disk: its description, its tensors, and the settings, read with checks. The format is
// explained in the README beside the vectors.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../../src/domain/errors.ts';
import * as tf from '../../../src/engine/tf.ts';

export type GoldenData = Float32Array | Int32Array | Uint8Array;

export interface GoldenTensor {
  readonly name: string;
  readonly role: 'input' | 'constant' | 'state' | 'upstream' | 'output' | 'grad' | 'index';
  readonly dtype: 'float32' | 'int32' | 'uint8';
  readonly shape: readonly number[];
  readonly data: GoldenData;
  readonly rtol: number;
  readonly atol: number;
  /** Share of the elements that may lie outside the bound. */
  readonly outlierFraction: number;
  /** Alternative bound: ||got - expected|| / ||expected||. */
  readonly relL2Tol: number | null;
}

/**
 * What an executor returns: a value for every output and gradient of the case. Null: the case offers several conventions
 * and this is not ours.
 */
export type GoldenResults = Readonly<Record<string, tf.Tensor | ArrayLike<number> | null>>;
export type GoldenExecutor = (golden: GoldenCase) => GoldenResults;

type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class GoldenCase {
  readonly name: string;
  readonly op: string;
  /** Folder that holds `cases/` and the weight files. */
  readonly folder: string;
  readonly attributes: Json;
  /** How the parameters of networks are generated; empty where the case has none. */
  readonly weights: Json;
  readonly tensors: ReadonlyMap<string, GoldenTensor>;

  constructor(folder: string, name: string) {
    const description: unknown = JSON.parse(readFileSync(join(folder, 'cases', `${name}.json`), 'utf8'));
    invariant(isRecord(description), () => `${name}.json holds no object.`);
    const { op, attrs, bin, tensors, weights } = description;
    invariant(
      typeof op === 'string' && typeof bin === 'string' && Array.isArray(tensors),
      () => `${name}.json lacks fields.`,
    );
    const bytes = Uint8Array.from(readFileSync(join(folder, 'cases', bin))).buffer;
    this.folder = folder;
    this.name = name;
    this.op = op;
    this.attributes = isRecord(attrs) ? attrs : {};
    this.weights = isRecord(weights) ? weights : {};
    this.tensors = new Map(tensors.map((entry: unknown) => readTensor(entry, bytes)).map((x) => [x.name, x]));
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  get(name: string): GoldenTensor {
    const found = this.tensors.get(name);
    invariant(found !== undefined, () => `${this.name} has no tensor ${name}.`);
    return found;
  }

  /** A stored tensor on the backend; bytes become int32. */
  tensor<T extends tf.Tensor>(name: string): T {
    const { data, shape, dtype } = this.get(name);
    const values = dtype === 'uint8' ? Int32Array.from(data) : data;
    return tf.tensor(values, [...shape], dtype === 'float32' ? 'float32' : 'int32') as T;
  }

  number(key: string, within: Json = this.attributes): number {
    const value = within[key];
    invariant(typeof value === 'number', () => `${this.name}: attribute ${key} is no number.`);
    return value;
  }

  text(key: string): string {
    const value = this.attributes[key];
    invariant(typeof value === 'string', () => `${this.name}: attribute ${key} is no text.`);
    return value;
  }

  numbers(key: string, within: Json = this.attributes): readonly number[] {
    const value = within[key];
    invariant(isNumbers(value), () => `${this.name}: attribute ${key} is no list of numbers.`);
    return value;
  }

  pair(key: string): readonly [number, number] {
    const [first, second] = this.numbers(key);
    invariant(first !== undefined && second !== undefined, () => `${this.name}: attribute ${key} is no pair.`);
    return [first, second];
  }

  record(key: string, within: Json = this.attributes): Json {
    const value = within[key];
    invariant(isRecord(value), () => `${this.name}: attribute ${key} is no object.`);
    return value;
  }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

const ROLES = ['input', 'constant', 'state', 'upstream', 'output', 'grad', 'index'] as const;

function readTensor(entry: unknown, bytes: ArrayBuffer): GoldenTensor {
  invariant(isRecord(entry), () => 'A tensor entry is no object.');
  const { name, shape, offset, bytes: length, dtype } = entry;
  const role = ROLES.find((known) => known === entry.role);
  invariant(
    typeof name === 'string' &&
      isNumbers(shape) &&
      typeof offset === 'number' &&
      typeof length === 'number' &&
      role !== undefined,
    () => `A tensor entry lacks fields: ${JSON.stringify(entry)}.`,
  );
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
  invariant(dtype === 'float32' || dtype === 'int32' || dtype === 'uint8', () => `${name} has dtype ${dtype}.`);
  const data =
    dtype === 'float32'
      ? new Float32Array(bytes, offset, length / 4)
      : dtype === 'int32'
        ? new Int32Array(bytes, offset, length / 4)
        : new Uint8Array(bytes, offset, length);
  return {
    name,
    role,
    dtype,
    shape,
    data,
    rtol: number(entry.rtol),
    atol: number(entry.atol),
    outlierFraction: number(entry.outlier_fraction),
    relL2Tol: typeof entry.rel_l2_tol === 'number' ? entry.rel_l2_tol : null,
  };
}
