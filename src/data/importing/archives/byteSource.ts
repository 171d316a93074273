// What reading archives needs from a host: bytes that can be read piecewise, and room for what has to be unpacked first.
import type { SourceFile } from '../../ports.ts';

/** A Blob, a file on disk, or a stretch of either. Making one reads nothing. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`, fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** A stretch of it; nothing is copied. */
  slice(offset: number, length: number): ByteSource;
  /** What it holds if it is a gzip stream, chunk by chunk. Throws the host's error where it is damaged. */
  gunzip(): AsyncIterable<Uint8Array>;
  asFile(path: string, archive?: string): SourceFile;
}

/** A temporary file that is written once and then read anywhere. The host removes it. */
export interface SpoolFile {
  /** Throws `data.archive-too-large` where the disk is full. */
  write(chunk: Uint8Array): Promise<void>;
  finish(): Promise<ByteSource>;
  discard(): Promise<void>;
}

/** Makes a temporary file for what `path` names. */
export type Spool = (path: string) => Promise<SpoolFile>;

/** A file within an archive, as its directory tells. */
export interface Member {
  /** Harmless: no `..`, no drive, no leading slash. */
  readonly name: string;
  /** Its bytes in place, or unpacked to a temporary file where they are compressed. */
  source(spool: Spool): Promise<ByteSource>;
  asFile(path: string, archive: string): SourceFile;
}

/** Fills `spool` and gives what it holds; nothing of it is left if that fails. */
export async function spooled(file: SpoolFile, fill: (file: SpoolFile) => Promise<void>): Promise<ByteSource> {
  try {
    await fill(file);
    return await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
