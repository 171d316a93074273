// A tar that is compressed as a whole (.tar.gz, .tgz) has no directory and cannot be read from the middle: it is unpacked
// once, as a stream, to a temporary file.
import { DEFAULT_LIMITS, type ImportLimits } from '../limits.ts';
import { checkGrowth, damaged, unsupported } from './archiveErrors.ts';
import { type ByteSource, type Spool, spooled } from './byteSource.ts';
import { HEAD_BYTES } from './format.ts';
import { isTarHeader } from './tar.ts';

/**
 * The tar within a gzip stream. Throws `data.unsupported-format` if there is none, `data.archive-too-large`, and
 * `data.unreadable-file`.
 */
export async function unpackTar(
  source: ByteSource,
  path: string,
  spool: Spool,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<ByteSource> {
  return spooled(await spool(path), async (file) => {
    let head = new Uint8Array();
    let unpackedBytes = 0;
    const write = async (chunk: Uint8Array): Promise<void> => {
      unpackedBytes += chunk.length;
      checkGrowth(path, source.sizeBytes, unpackedBytes, path, limits);
      await file.write(chunk);
    };
    try {
      for await (const chunk of source.gunzip()) {
        if (unpackedBytes > 0) {
          await write(chunk);
          continue;
        }
        head = joined(head, chunk);
        if (head.length < HEAD_BYTES) continue;
        if (!isTarHeader(head.subarray(0, HEAD_BYTES))) throw notATar(path);
        await write(head);
      }
    } catch (error) {
      throw damaged(path, error);
    }
    if (unpackedBytes === 0) throw notATar(path);
  });
}

const notATar = (path: string) => unsupported(path, 'compressed-file', 'is a compressed file, and no tar.');

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
