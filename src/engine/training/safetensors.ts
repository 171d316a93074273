// The safetensors file format: 8-byte little-endian header length, JSON header, raw little-endian data.
// Format: huggingface.co/docs/safetensors. What the tensors mean (names, layouts) is left to the callers.
import { invariant, StudioError } from '../../domain/errors.ts';

/** Element types that can be read; only F32 and I32 are written. */
export type StoredType = 'F32' | 'F16' | 'BF16' | 'F64' | 'I64' | 'I32' | 'U8';

/** One stored tensor. F32, F16, BF16 arrive as Float32Array, F64 and I64 as Float64Array, I32 as Int32Array, U8 as Uint8Array. */
export interface StoredTensor {
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface WritableTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

const BYTES_OF: Readonly<Record<StoredType, number>> = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, I32: 4, U8: 1 };
const PREFIX_BYTES = 8;
/** The reference implementation refuses longer headers, too: they would only be an attack on memory. */
const MAX_HEADER_BYTES = 100_000_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isStoredType = (value: unknown): value is StoredType =>
  typeof value === 'string' && Object.hasOwn(BYTES_OF, value);
const elementsOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

function corrupt(what: string, context: Readonly<Record<string, string | number>> = {}): StudioError {
  return new StudioError(
    'checkpoint.corrupt',
    `The weight file cannot be read: ${what}.`,
    'Choose another file, or export it again; it may have been cut off or is not a safetensors file.',
    context,
  );
}

/** Reads a whole file. Throws `checkpoint.corrupt` for anything that is not well-formed safetensors. */
export function readSafetensors(file: Uint8Array): SafetensorsFile {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.byteLength < PREFIX_BYTES) throw corrupt(`it has ${file.byteLength} bytes`, { sizeBytes: file.byteLength });
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || PREFIX_BYTES + headerBytes > file.byteLength) {
    throw corrupt(`its header claims ${headerBytes} bytes of ${file.byteLength}`, { headerBytes });
  }
  const dataStart = PREFIX_BYTES + headerBytes;
  const header = parseHeader(file.subarray(PREFIX_BYTES, dataStart));
  const tensors = new Map<string, StoredTensor>();
  let covered = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { type, shape, start, end } = parseEntry(name, entry, file.byteLength - dataStart);
    covered += end - start;
    tensors.set(name, { type, shape, values: decode(type, file, dataStart + start, end - start) });
  }
  if (covered !== file.byteLength - dataStart) {
    throw corrupt(`its tensors cover ${covered} of ${file.byteLength - dataStart} data bytes`, { covered });
  }
  return { tensors, metadata: parseMetadata(header.__metadata__) };
}

function parseHeader(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw corrupt('its header is not JSON');
  }
  if (!isRecord(header)) throw corrupt('its header is not a JSON object');
  return header;
}

function parseMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata)) throw corrupt('its metadata is not an object');
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      if (typeof value !== 'string') throw corrupt(`its metadata "${key}" is not a string`, { key });
      return [key, value];
    }),
  );
}

function parseEntry(
  name: string,
  entry: unknown,
  dataBytes: number,
): { type: StoredType; shape: readonly number[]; start: number; end: number } {
  if (!isRecord(entry)) throw corrupt(`the entry of "${name}" is not an object`, { tensor: name });
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isStoredType(dtype)) throw corrupt(`"${name}" has the unknown type ${String(dtype)}`, { tensor: name });
  if (!Array.isArray(shape) || !shape.every(isCount)) throw corrupt(`"${name}" has no valid shape`, { tensor: name });
  if (!Array.isArray(offsets) || offsets.length !== 2) throw corrupt(`"${name}" has no offsets`, { tensor: name });
  const [start, end] = offsets as readonly unknown[];
  const expected = elementsOf(shape) * BYTES_OF[dtype];
  if (!isCount(start) || !isCount(end) || end > dataBytes || end - start !== expected) {
    throw corrupt(`"${name}" should span ${expected} bytes but lies at ${String(start)}..${String(end)}`, {
      tensor: name,
      expected,
    });
  }
  return { type: dtype, shape, start, end };
}

/** Copies first: offsets need not be aligned to the element size. */
function decode(type: StoredType, file: Uint8Array, start: number, sizeBytes: number): StoredTensor['values'] {
  const { buffer } = file.slice(start, start + sizeBytes);
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
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), halfToNumber);
    default:
      return type satisfies never;
  }
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

/** Writes tensors in the order given, data aligned to 8 bytes; reading gives the same bits back. */
export function writeSafetensors(
  tensors: Iterable<readonly [string, WritableTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header = new Map<string, unknown>([['__metadata__', metadata]]);
  const parts: Uint8Array[] = [];
  let dataBytes = 0;
  for (const [name, { shape, values }] of tensors) {
    invariant(!header.has(name), () => `Two tensors are called "${name}".`);
    invariant(
      elementsOf(shape) === values.length,
      () => `"${name}" has ${values.length} values for shape [${shape.join(', ')}].`,
    );
    const dtype = values instanceof Float32Array ? 'F32' : 'I32';
    header.set(name, { dtype, shape, data_offsets: [dataBytes, dataBytes + values.byteLength] });
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    dataBytes += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.byteLength / 8) * 8;
  const file = new Uint8Array(PREFIX_BYTES + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, PREFIX_BYTES);
  file.fill(0x20, PREFIX_BYTES + json.byteLength, PREFIX_BYTES + headerBytes);
  let offset = PREFIX_BYTES + headerBytes;
  for (const part of parts) {
    file.set(part, offset);
    offset += part.byteLength;
  }
  return file;
}
