// What a weight file holds, whatever its format: tensors under names, read when asked, in PyTorch's layout.
import { StudioError } from '../../domain/errors.ts';

/** Bytes that can be read piecewise: a Blob, an open file, a buffer. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`, fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { sizeBytes: bytes.byteLength, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Element types that can be read, under safetensors' names. */
export type StoredType = 'F32' | 'F16' | 'BF16' | 'F64' | 'I64' | 'I32' | 'U8';

/** F32, F16, BF16 arrive as Float32Array, F64 and I64 as Float64Array, I32 as Int32Array, U8 as Uint8Array. */
export type StoredValues = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface WeightTensor {
  /** Safetensors' name of the element type; any, also one that cannot be read. */
  readonly type: string;
  readonly shape: readonly number[];
  /** Which of the dictionaries in the file it lies in, as a path with dots; empty: the file's own. */
  readonly dict: string;
  /** In row-major order. Throws `checkpoint.corrupt`, and `internal.invariant` for a type that cannot be read. */
  read(): Promise<StoredValues>;
}

export interface WeightFile {
  readonly format: 'safetensors' | 'pytorch';
  /** Names within nested dictionaries begin with the dictionary's path and a dot. */
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const BYTES_OF: Readonly<Record<StoredType, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I64: 8,
  I32: 4,
  U8: 1,
};
export const isStoredType = (type: string): type is StoredType => Object.hasOwn(BYTES_OF, type);

/** Types of real numbers, which weights are. */
export const isRealType = (type: string): boolean => ['F32', 'F16', 'BF16', 'F64'].includes(type);

/** As float32, which is what becomes of weights: large values of float64 have no place there. */
export function isFinite32(values: StoredValues): boolean {
  for (const value of values) if (!Number.isFinite(Math.fround(value))) return false;
  return true;
}

export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Little-endian bytes as values. Copies first: they need not be aligned to the element size. (A Buffer's `slice` is no copy.) */
export function decodeValues(type: StoredType, bytes: Uint8Array): StoredValues {
  const { buffer } = new Uint8Array(bytes);
  switch (type) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F64':
      return new Float64Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
    case 'I64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'BF16':
      return mapped(new Uint16Array(buffer), brainToNumber);
    case 'F16':
      return mapped(new Uint16Array(buffer), halfToNumber);
    default:
      return type satisfies never;
  }
}

/** A loop, where `Float32Array.from` would take several times as long. */
function mapped(halves: Uint16Array, toNumber: (half: number) => number): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = toNumber(halves[i] ?? 0);
  return values;
}

const WORD = new Uint32Array(1);
const WORD_AS_FLOAT = new Float32Array(WORD.buffer);
/** bfloat16 is the upper half of a float32. */
function brainToNumber(half: number): number {
  WORD[0] = half << 16;
  return WORD_AS_FLOAT[0] ?? 0;
}

/** IEEE 754 binary16 to a number: 1 sign, 5 exponent, 10 fraction bits. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

export function corrupt(what: string, context: Readonly<Record<string, string | number>> = {}): StudioError {
  return new StudioError(
    'checkpoint.corrupt',
    `The weight file cannot be read: ${what}.`,
    'Choose another file, or download or export it again.',
    context,
  );
}

export function unsupported(what: string, advice: string): StudioError {
  return new StudioError('data.unsupported-format', `The weight file cannot be read: ${what}.`, advice);
}
