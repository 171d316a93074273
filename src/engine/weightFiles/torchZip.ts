// PyTorch's file format since version 1.6: a zip, nothing in it compressed, of a pickle (`data.pkl`) and one file a storage
// (`data/<key>`), so that a tensor is read by its place in the file. Format: torch/serialization.py, caffe2/serialize.
import { configure, type Entry, Reader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { readPickle } from './pickle.ts';
import { PickleBytes, PickleCutShort } from './pickleBytes.ts';
import { type ByteSource, corrupt, unsupported, type WeightFile } from './tensors.ts';
import { tensorsIn } from './torchDict.ts';
import { bigEndian, TORCH_KNOWLEDGE } from './torchGlobals.ts';
import type { ReadStorage } from './torchTensor.ts';

// We are in a worker already, and the page's policy allows no scripts made from strings.
configure({ useWebWorkers: false });

class SourceReader extends Reader<ByteSource> {
  private readonly source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.source = source;
    this.size = source.sizeBytes;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return this.source.read(offset, Math.min(length, this.source.sizeBytes - offset));
  }
}

type FileEntry = Exclude<Entry, { directory: true }>;

/** Throws `checkpoint.corrupt`, `checkpoint.unsafe`, `data.unsupported-format`. */
export async function openTorchZip(source: ByteSource): Promise<WeightFile> {
  const files = await filesOf(source);
  const pickle = [...files.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  const root = pickle?.slice(0, -'data.pkl'.length) ?? '';
  const entry = files.get(pickle ?? '');
  if (entry === undefined) {
    throw unsupported(
      'it is a zip without a data.pkl, which PyTorch did not write',
      'Unpack it, and choose the file within.',
    );
  }
  if (files.has(`${root}constants.pkl`) || [...files.keys()].some((name) => name.startsWith(`${root}code/`))) {
    throw unsupported(
      'it is a TorchScript program (torch.jit.save), not weights alone',
      'Save its weights: torch.save(torch.jit.load("FILE").state_dict(), "weights.pth").',
    );
  }
  const order = files.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(await contentsOf(order)).trim() === 'big') throw bigEndian();
  return {
    format: 'pytorch',
    tensors: tensorsIn(read(await contentsOf(entry)), storagesOf(source, files, root)),
    metadata: {},
  };
}

function read(bytes: Uint8Array) {
  try {
    return readPickle(new PickleBytes(bytes), TORCH_KNOWLEDGE);
  } catch (error) {
    if (error instanceof PickleCutShort) throw corrupt('its pickle ends too early');
    throw error;
  }
}

async function filesOf(source: ByteSource): Promise<ReadonlyMap<string, FileEntry>> {
  const files = new Map<string, FileEntry>();
  try {
    for (const entry of await new ZipReader(new SourceReader(source)).getEntries({ filenameValidation: 'tolerant' })) {
      if (!entry.directory) files.set(entry.filename, entry);
    }
    return files;
  } catch (error) {
    throw corrupt(`its zip is damaged or was cut off (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function contentsOf(entry: FileEntry): Promise<Uint8Array> {
  try {
    return await entry.getData(new Uint8ArrayWriter(), { checkCrc32: true });
  } catch (error) {
    throw corrupt(`"${entry.filename}" in it is damaged (${error instanceof Error ? error.message : String(error)})`);
  }
}

function storagesOf(source: ByteSource, files: ReadonlyMap<string, FileEntry>, root: string): ReadStorage {
  const places = new Map<string, Promise<number>>();
  // Somebody may have packed the file again, compressed: then one storage at a time is unpacked whole.
  let unpacked: { readonly key: string; readonly bytes: Promise<Uint8Array> } | null = null;
  return async (key, start, length) => {
    const entry = files.get(`${root}data/${key}`);
    if (entry === undefined || start + length > entry.uncompressedSize) {
      throw corrupt(`its storage "${key}" has ${entry?.uncompressedSize ?? 'no'} bytes of ${start + length}`, { key });
    }
    if (entry.compressionMethod === 0 && !entry.encrypted) {
      const place = places.get(key) ?? placeOf(source, entry);
      places.set(key, place);
      return source.read((await place) + start, length);
    }
    if (unpacked?.key !== key) unpacked = { key, bytes: contentsOf(entry) };
    return (await unpacked.bytes).subarray(start, start + length);
  };
}

/** Behind the local header: 30 bytes, a name and an extra field, which PyTorch fills so that storages begin at multiples of 64. */
async function placeOf(source: ByteSource, { offset, filename }: FileEntry): Promise<number> {
  const header = await source.read(offset, 30);
  if (header.byteLength < 30) throw corrupt(`"${filename}" lies beyond its end`);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}
