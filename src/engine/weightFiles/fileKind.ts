// What a file is that somebody took for weights, by its first bytes: its name says little, and a server's error page or a Git
// LFS pointer is what failed downloads leave behind.
import type { StudioError } from '../../domain/errors.ts';
import { corrupt, unsupported } from './tensors.ts';

export type FileKind = 'safetensors' | 'zip' | 'pickle';

/** Enough of a file to tell. */
export const HEAD_BYTES = 512;

const BRACE = 0x7b;
const SAVE_DICT = 'Save the weights with torch.save(model.state_dict(), "weights.pth").';
const UNPACK = 'Unpack it, and choose the file within.';

/** Formats by the bytes that they begin with, as Latin-1, from `at`. */
const OTHERS: readonly { readonly at?: number; readonly magic: string; readonly error: () => StudioError }[] = [
  { magic: '\x89HDF', error: () => unsupported('it is an HDF5 file, as Keras writes them', SAVE_DICT) },
  { magic: '\x93NUMPY', error: () => unsupported('it is a NumPy array', SAVE_DICT) },
  { magic: 'GGUF', error: () => unsupported('it is a GGUF file', SAVE_DICT) },
  { magic: '\x1f\x8b', error: () => unsupported('it is compressed with gzip', UNPACK) },
  { magic: 'BZh', error: () => unsupported('it is compressed with bzip2', UNPACK) },
  { magic: '\xfd7zXZ', error: () => unsupported('it is compressed with xz', UNPACK) },
  { magic: '7z\xbc\xaf', error: () => unsupported('it is a 7z archive', UNPACK) },
  {
    at: 257,
    magic: 'ustar',
    error: () => unsupported('it is a tar archive, as PyTorch wrote them before version 0.4', UNPACK),
  },
  {
    magic: 'version https://git-lfs',
    error: () => corrupt('it is a Git LFS pointer, which only names the file; "git lfs pull" fetches it'),
  },
];

/** Throws `checkpoint.corrupt` or `data.unsupported-format` for what holds no weights, saying what it is. */
export function kindOf(head: Uint8Array, sizeBytes: number): FileKind {
  if (sizeBytes === 0) throw corrupt('it is empty', { sizeBytes });
  // A header's length in eight bytes, which may begin as any other file does, and the header's brace.
  if (head.subarray(4, 8).every((byte) => byte === 0) && head[8] === BRACE) return 'safetensors';
  const text = Array.from(head.subarray(0, HEAD_BYTES), (byte) => String.fromCharCode(byte)).join('');
  const other = OTHERS.find(({ at = 0, magic }) => text.startsWith(magic, at));
  if (other !== undefined) throw other.error();
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'zip';
  const [first = 0, protocol = 0] = head;
  if (first === 0x80 && protocol >= 2 && protocol <= 5) return 'pickle';
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|head|body)/i.test(text)) {
    throw corrupt('it is a web page, which a server sent in place of the file');
  }
  if (/^\s*\{\s*"/.test(text)) throw corrupt('it is JSON, perhaps the index of weights in several files');
  return 'safetensors';
}
