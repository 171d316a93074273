// The safetensors file format: 8-byte little-endian header length, JSON header, raw little-endian data.
// Format: huggingface.co/docs/safetensors. What the tensors mean (names, layouts) is left to the callers.
import { invariant } from '../../domain/errors.ts';
import { HEAD_BYTES, kindOf } from './fileKind.ts';
import {
  BYTES_OF,
  type ByteSource,
  corrupt,
  decodeValues,
  elementsOf,
  isCount,
  isStoredType,
  type StoredType,
  type StoredValues,
  type WeightFile,
  type WeightTensor,
} from './tensors.ts';

/** One stored tensor, read. */
export interface StoredTensor {
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly values: StoredValues;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface WritableTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

const PREFIX_BYTES = 8;
/** The reference implementation refuses longer headers, too: they would only be an attack on memory. */
const MAX_HEADER_BYTES = 100_000_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a tensor lies; `start` and `end` count from the first byte after the header. */
interface Entry {
  readonly type: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Reads a whole file of types that can be read. Throws `checkpoint.corrupt` for anything else. */
export function readSafetensors(file: Uint8Array): SafetensorsFile {
  const dataStart = headerEnd(file, file.byteLength);
  const { entries, metadata } = parse(file.subarray(PREFIX_BYTES, dataStart), file.byteLength - dataStart);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { type, shape, start, end }] of entries) {
    if (!isStoredType(type)) throw corrupt(`"${name}" has the unknown type ${type}`, { tensor: name });
    tensors.set(name, { type, shape, values: decodeValues(type, file.subarray(dataStart + start, dataStart + end)) });
  }
  return { tensors, metadata };
}

/** Opens a file of tensors of any type, to be read one by one. Throws `checkpoint.corrupt`. */
export async function openSafetensors(source: ByteSource): Promise<WeightFile> {
  const dataStart = headerEnd(await source.read(0, HEAD_BYTES), source.sizeBytes);
  const header = await source.read(PREFIX_BYTES, dataStart - PREFIX_BYTES);
  const { entries, metadata } = parse(header, source.sizeBytes - dataStart);
  const open = ([name, { type, shape, start, end }]: [string, Entry]): [string, WeightTensor] => [
    name,
    {
      ...{ type, shape, dict: '' },
      read: async () => {
        invariant(isStoredType(type), () => `"${name}" has the type ${type}, which is not read.`);
        return decodeValues(type, await source.read(dataStart + start, end - start));
      },
    },
  ];
  return { format: 'safetensors', tensors: new Map([...entries].map(open)), metadata };
}

function headerEnd(head: Uint8Array, sizeBytes: number): number {
  const kind = kindOf(head, sizeBytes);
  if (kind !== 'safetensors') throw corrupt(`it is a ${kind} file, which only PyTorch's weights come in`, { kind });
  if (sizeBytes < PREFIX_BYTES) throw corrupt(`it has ${sizeBytes} bytes`, { sizeBytes });
  const headerBytes = Number(new DataView(head.buffer, head.byteOffset, PREFIX_BYTES).getBigUint64(0, true));
  if (headerBytes <= MAX_HEADER_BYTES && PREFIX_BYTES + headerBytes <= sizeBytes) return PREFIX_BYTES + headerBytes;
  throw corrupt(`its header claims ${headerBytes} bytes of ${sizeBytes}; it was cut off or is no safetensors file`, {
    headerBytes,
  });
}

function parse(headerBytes: Uint8Array, dataBytes: number) {
  const header = parseHeader(headerBytes);
  const entries = new Map<string, Entry>();
  for (const [name, fields] of Object.entries(header)) {
    if (name !== '__metadata__') entries.set(name, parseEntry(name, fields, dataBytes));
  }
  requireSideBySide(entries, dataBytes);
  return { entries, metadata: parseMetadata(header.__metadata__) };
}

/** The format wants every byte of the data in one tensor: one that is in two, or in none, is somebody's mistake or trick. */
function requireSideBySide(entries: ReadonlyMap<string, Entry>, dataBytes: number): void {
  let covered = 0;
  for (const [name, { start, end }] of [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (start < covered) throw corrupt(`"${name}" begins at ${start}, within another tensor`, { tensor: name });
    if (start > covered) throw corrupt(`no tensor has its bytes ${covered} to ${start}`, { covered });
    covered = end;
  }
  if (covered !== dataBytes) throw corrupt(`its tensors cover ${covered} of ${dataBytes} data bytes`, { covered });
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

/** What a type is called, known here or not. */
const TYPE_NAME = /^[A-Z][A-Z0-9_]*$/;

function parseEntry(name: string, entry: unknown, dataBytes: number): Entry {
  if (!isRecord(entry)) throw corrupt(`the entry of "${name}" is not an object`, { tensor: name });
  const { dtype: type, shape, data_offsets: offsets } = entry;
  if (typeof type !== 'string' || !TYPE_NAME.test(type)) {
    throw corrupt(`"${name}" has the unknown type ${String(type)}`, { tensor: name });
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw corrupt(`"${name}" has no valid shape`, { tensor: name });
  if (!Array.isArray(offsets) || offsets.length !== 2) throw corrupt(`"${name}" has no offsets`, { tensor: name });
  const [start, end] = offsets as readonly unknown[];
  if (isCount(end) && end > dataBytes) {
    throw corrupt(`it was cut off: "${name}" ends at ${end} of ${dataBytes} data bytes`, { tensor: name });
  }
  const expected = isStoredType(type) ? elementsOf(shape) * BYTES_OF[type] : null;
  if (!isCount(start) || !isCount(end) || start > end || end - start !== (expected ?? end - start)) {
    throw corrupt(`"${name}" should span ${expected} bytes but lies at ${String(start)}..${String(end)}`, {
      tensor: name,
    });
  }
  return { type, shape, start, end };
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
