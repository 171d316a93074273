// What the data room needs from its host, and nothing more: files, decoding, storage.

import type { DatasetId, DatasetInfo, RgbImage, Split, Tile } from '../domain/dataset.ts';
import type { ImportChoices, ImportIssue, ImportOptions } from '../domain/importing.ts';

/** A file of the visitor's, read only when asked. `path` uses forward slashes, relative to what was dropped. */
export interface SourceFile {
  readonly path: string;
  /** Null: not known before it was opened. */
  readonly sizeBytes: number | null;
  /** Asks for a size that is not known. Rejects as `bytes`. */
  askSize?(): Promise<number>;
  /** Path of the archive that it lies in, without its extension: a folder that no name within needs to agree with. */
  readonly archive?: string;
  bytes(): Promise<Uint8Array>;
}

/** What a drop holds, archives opened, and what of it could not be listed. */
export interface Listing {
  readonly files: readonly SourceFile[];
  readonly findings: readonly ImportIssue[];
}

/** EXIF 2.32, tag 0x0112: 1 as stored, 2 to 4 mirrored or upside down, 5 to 8 with its sides exchanged. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** A photo as its file stores it: not turned, not colour-managed. */
export interface StoredPhoto extends RgbImage {
  /** The turn that the file asks for; absent: none. */
  readonly orientation?: Orientation;
}

/** Decodes photos (PNG, JPEG, whatever the host can). Labels never pass here: they are decoded byte-exact by `decodeLabels`. */
export interface PhotoDecoder {
  /** Throws StudioError `data.unreadable-file` or `data.unsupported-format`. */
  decode(file: SourceFile): Promise<StoredPhoto>;
}

/** Where an import stands; written in the same transaction as the tiles it counts. */
export interface ImportJournal {
  readonly datasetId: DatasetId;
  /** Hash of the sorted listing (paths and sizes): the same files dropped again continue the import. */
  readonly fingerprint: string;
  readonly options: ImportOptions;
  /** What a person said about the drop. */
  readonly choices?: ImportChoices;
  /** Pairs before this index are stored or were rejected. */
  readonly nextIndex: number;
  /** Sizes of their files, folded: files that changed meanwhile are others. */
  readonly sizes?: string;
  /** The first findings. */
  readonly issues: readonly ImportIssue[];
  /** Of all findings, by code. */
  readonly issueCounts?: Readonly<Record<string, number>>;
  /** Everything is stored: what remains is the record of what was found. */
  readonly isComplete?: boolean;
}

/** Tiles at rest. Implementations make every write whole: all of it is there afterwards, or none. */
export interface TileStore {
  listDatasets(): Promise<readonly DatasetInfo[]>;
  /** Writes the dataset's description, tiles and journal in one transaction. Throws `storage.quota` with nothing written. */
  append(
    dataset: DatasetInfo,
    tiles: Readonly<Record<Split, readonly Tile[]>>,
    journal: ImportJournal | null,
  ): Promise<void>;
  /** Tiles by position in the split, in the order asked. Throws `data.not-found`. */
  read(id: DatasetId, split: Split, indices: readonly number[]): Promise<readonly Tile[]>;
  deleteDataset(id: DatasetId): Promise<void>;
  /** The newest unfinished import of these files. */
  findJournal(fingerprint: string): Promise<ImportJournal | null>;
  /** What an import found, finished or not; null for a dataset that keeps none. */
  journalOf(id: DatasetId): Promise<ImportJournal | null>;
  /** Bytes still free for us, or null where the host does not tell. */
  freeBytes(): Promise<number | null>;
}

/** What training reads from, wherever it lies: stored tiles or rendered scenes. */
export interface TileSource {
  readonly info: DatasetInfo;
  read(split: Split, indices: readonly number[]): Promise<readonly Tile[]>;
}
