// The vocabulary of bringing one's own data: what was found, what is wrong with it, how far the import is.
import type { ClassSet } from './classes.ts';
import type { DatasetCoding, DatasetId, LayoutId, Size, Split } from './dataset.ts';
import type { ErrorCode } from './errors.ts';

/** A finding about one file (or, with an empty path, about the whole drop). The import goes on without the file. */
export interface ImportIssue {
  readonly path: string;
  readonly code: Extract<ErrorCode, `data.${string}`>;
  /** In English, with the values, for logs and exports; the studio translates by code and context. */
  readonly message: string;
  readonly context: Readonly<Record<string, string | number>>;
}

/** How images become tiles of equal size. */
export type TileMode =
  /** One tile an image: resized to the tile's size (area average; labels nearest). */
  | 'resize'
  /** Cut at native resolution into as many tiles as cover the image; the last row and column overlap. */
  | 'grid';

export interface ImportOptions {
  readonly name: string;
  readonly size: Size;
  readonly mode: TileMode;
  /** Share of the training images held out for validation where the layout has no validation split, 0..0.5. */
  readonly holdOut: number;
}

/** Game pictures are what one trains from, camera pictures what one trains for; null where the layout does not tell. */
export type SuggestedUse = 'source' | 'target' | null;

/** What a person says about a drop where evidence does not, or against it. Plain data: kept with the dataset. */
export interface ImportChoices {
  /** Id of the coding of the labels. */
  readonly coding?: string;
  /** A table of one's own, as the file that was given: value or colour -> class. */
  readonly table?: { readonly name: string; readonly text: string };
  /** A label value to ignore, whatever the coding says, 0..255. */
  readonly ignore?: number;
  /** Globs on paths within the drop. */
  readonly photos?: string;
  readonly labelsIn?: string;
}

export const CODING_REASONS = [
  'file-names',
  'table-in-drop',
  'layout',
  'palette',
  'palette-colours',
  'palette-of-tools',
  'palette-of-another',
  'undefined-values',
  'another-kind',
  'usual',
  'unusual',
] as const;
/** What speaks for or against a coding. */
export interface CodingReason {
  readonly kind: (typeof CODING_REASONS)[number];
  /** The values or colours that it does not define, the most frequent first. */
  readonly values?: string;
}

/** One thing that the labels may mean. Shares are of pixels, over the labels that were looked at. */
export interface CodingCandidate {
  readonly id: string;
  readonly label: string;
  /** Values that it does not know. */
  readonly unknownShare: number;
  /** Values that it leaves out of training. */
  readonly ignoredShare: number;
  /** What its classes are called and drawn in; absent: Cityscapes'. */
  readonly classes?: ClassSet;
  /** Of its classes, the most frequent first, by name. */
  readonly classShares: Readonly<Record<string, number>>;
  readonly reasons: readonly CodingReason[];
  /** Labels of other codings that make the same of every pixel looked at: nobody has to choose between them. */
  readonly alike: readonly string[];
}

export interface CodingReport extends DatasetCoding {
  /** Best first; empty where there are no labels. */
  readonly candidates: readonly CodingCandidate[];
}

/** A labelled photo of the drop, made small, as each coding in question reads it. */
export interface LabelPreview extends Size {
  readonly name: string;
  /** RGB [height, width, 3]. */
  readonly photo: Uint8Array;
  /** Class indices [height, width] by the coding's id, 255 = ignore. */
  readonly labels: Readonly<Record<string, Uint8Array>>;
}

/** What must be answered before an import can begin. */
export type ImportQuestion =
  | { readonly kind: 'coding' }
  /** Several sets of labels for the same photos; each is named by its folders. */
  | { readonly kind: 'labels'; readonly sets: readonly FileSet[]; readonly photos: number }
  /** Several sets of photos: datasets beside each other, or renderings of the same frames. `photos` counts them. */
  | { readonly kind: 'photos'; readonly sets: readonly FileSet[]; readonly photos: number };

/** One of several sets of files: what tells it apart, and a glob that picks it. */
export interface FileSet {
  readonly name: string;
  readonly glob: string;
}

/** Files that play no part, by reason. */
export interface UnusedCount {
  readonly reason: UnusedReason;
  readonly count: number;
  /** Path of the first. */
  readonly first: string;
}

export const UNUSED_REASONS = [
  'not-a-picture',
  'clutter',
  'instances',
  'other-modality',
  'another-label-file',
  'another-rendering',
  'another-naming',
  'no-role',
  'not-chosen',
  'test-split',
] as const;
/** Why a file plays no part. */
export type UnusedReason = (typeof UNUSED_REASONS)[number];

/** What a look at the files found, before anything is written. */
export interface ImportReport {
  readonly reportId: string;
  readonly layout: LayoutId;
  /** Its name where it has none in the reader's language. */
  readonly layoutLabel: string;
  readonly suggestedName: string;
  readonly suggestedUse: SuggestedUse;
  readonly fileCount: number;
  readonly splits: Readonly<Record<Split, { readonly pairs: number; readonly unlabelled: number }>>;
  /** Image sizes met in the sample, most frequent first. */
  readonly imageSizes: readonly { readonly width: number; readonly height: number; readonly count: number }[];
  /** Shares of labelled pixels over the sample, 19 entries that sum to 1 (or all 0), then the share of ignored pixels of all. */
  readonly classShares: readonly number[];
  /** How many pairs were decoded for sizes and shares. */
  readonly sampled: number;
  readonly coding: CodingReport;
  /** Absent: Cityscapes'. */
  readonly classes?: ClassSet;
  readonly choices: ImportChoices;
  /** Every coding that can be chosen. */
  readonly codings: readonly { readonly id: string; readonly label: string }[];
  /** Empty where nothing stands in the way. */
  readonly questions: readonly ImportQuestion[];
  readonly unused: readonly UnusedCount[];
  /** A few labelled photos, as the decided coding reads them, or as each candidate does. */
  readonly previews: readonly LabelPreview[];
  readonly issues: readonly ImportIssue[];
  /** Counts of findings per code, also of those beyond the listed ones. */
  readonly issueCounts: Readonly<Record<string, number>>;
  /** Mean time from a pair's first byte to its last finding, over the sample. */
  readonly decodeMsPerPair: number;
  /** Bytes the browser says are still free for us; null where it does not say. */
  readonly freeBytes: number | null;
  /** Set when these very files were being imported before: the import continues at `nextIndex`. */
  readonly resumes: {
    readonly datasetId: DatasetId;
    readonly nextIndex: number;
    readonly options: ImportOptions;
  } | null;
}

export interface ImportProgress {
  readonly datasetId: DatasetId;
  readonly status: 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  readonly pairsDone: number;
  readonly pairsTotal: number;
  readonly tilesWritten: number;
  readonly bytesWritten: number;
  readonly elapsedMs: number;
  /** Time left at the present rate; null until it can be told. */
  readonly leftMs: number | null;
}
