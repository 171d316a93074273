// PyTorch's file format before version 1.6: pickles one after the other (a magic number, the version, the machine, the
// contents, the keys of the storages), then each storage as its length in eight bytes and its numbers. Format: torch/serialization.py.
import { type PickleValue, readPickle } from './pickle.ts';
import { PickleBytes, PickleCutShort } from './pickleBytes.ts';
import { BYTES_OF, type ByteSource, corrupt, unsupported, type WeightFile } from './tensors.ts';
import { tensorsIn } from './torchDict.ts';
import { bigEndian, TORCH_KNOWLEDGE } from './torchGlobals.ts';
import { type ReadStorage, TorchStorage } from './torchTensor.ts';

/** 0x1950a86a20f9469cfc6c, rounded as a number is. */
const MAGIC = Number(0x1950a86a20f9469cfc6cn);
const FIRST_READ_BYTES = 1 << 20;
/** Names and shapes take some hundred bytes a tensor; a larger pickle holds other things. */
const MAX_PICKLE_BYTES = 1 << 28;

/** Bytes an element of a storage takes, of every type that a storage can have. */
const WIDTHS: Readonly<Record<string, number>> = { ...BYTES_OF, I16: 2, I8: 1, BOOL: 1, C64: 8, C128: 16 };

interface Header {
  readonly contents: PickleValue;
  readonly keys: readonly string[];
  /** Element types of the storages, by key. */
  readonly types: ReadonlyMap<string, string>;
  readonly end: number;
}

/** Throws `checkpoint.corrupt`, `checkpoint.unsafe`, `data.unsupported-format`. */
export async function openTorchPlain(source: ByteSource): Promise<WeightFile> {
  const { contents, keys, types, end } = await headerOf(source);
  const places = new Map<string, { readonly start: number; readonly bytes: number }>();
  let at = end;
  for (const key of keys) {
    const length = await source.read(at, 8);
    if (length.byteLength < 8) throw corrupt(`it ends before its storage "${key}"`, { key });
    const elements = Number(new DataView(length.buffer, length.byteOffset, 8).getBigInt64(0, true));
    const bytes = elements * (WIDTHS[types.get(key) ?? ''] ?? 1);
    if (elements < 0 || at + 8 + bytes > source.sizeBytes) {
      throw corrupt(`it ends within its storage "${key}"`, { key, sizeBytes: source.sizeBytes });
    }
    places.set(key, { start: at + 8, bytes });
    at += 8 + bytes;
  }
  const read: ReadStorage = async (key, start, length) => {
    const place = places.get(key);
    if (place === undefined || start + length > place.bytes) {
      throw corrupt(`its storage "${key}" has ${place?.bytes ?? 'no'} bytes of ${start + length}`, { key });
    }
    return source.read(place.start + start, length);
  };
  return { format: 'pytorch', tensors: tensorsIn(contents, read), metadata: {} };
}

/** Reads as much of the file as its pickles turn out to take. */
async function headerOf(source: ByteSource): Promise<Header> {
  for (let size = FIRST_READ_BYTES; ; size *= 8) {
    const bytes = await source.read(0, Math.min(size, source.sizeBytes));
    try {
      return parse(new PickleBytes(bytes));
    } catch (error) {
      if (!(error instanceof PickleCutShort)) throw error;
      if (size >= source.sizeBytes) throw corrupt('it was cut off within its pickle');
      if (size > MAX_PICKLE_BYTES) throw corrupt('its pickle does not end');
    }
  }
}

function parse(bytes: PickleBytes): Header {
  const types = new Map<string, string>();
  const knowledge = {
    global: TORCH_KNOWLEDGE.global,
    persistent: (id: PickleValue): PickleValue => {
      const storage = TORCH_KNOWLEDGE.persistent(id);
      if (storage instanceof TorchStorage && storage.type !== null) types.set(storage.key, storage.type);
      return storage;
    },
  };
  const next = (): PickleValue => readPickle(bytes, knowledge);
  if (next() !== MAGIC) {
    throw unsupported('it is a Python pickle that torch.save did not write', 'Save weights with torch.save.');
  }
  next(); // The version of the format: there has been one.
  const machine = next();
  if (machine instanceof Map && machine.get('little_endian') === false) throw bigEndian();
  const contents = next();
  const keys = next();
  if (!Array.isArray(keys)) throw corrupt('its storages have no keys');
  return { contents, keys: keys.map(String), types, end: bytes.at };
}
