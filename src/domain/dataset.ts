// What a dataset is to everyone: two splits of equally sized tiles with class-index labels.
import { type ClassSet, classesOf } from './classes.ts';

export type DatasetId = string & { readonly __brand: 'DatasetId' };
export type Split = 'train' | 'val';
export const SPLITS: readonly Split[] = ['train', 'val'];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** RGB bytes [height, width, 3]. */
export interface RgbImage extends Size {
  readonly data: Uint8Array;
}

/** One training picture: RGB bytes [height, width, 3] and class indices [height, width] (255 = ignore), or null if unlabelled. */
export interface Tile {
  readonly name: string;
  readonly image: Uint8Array;
  readonly labels: Uint8Array | null;
}

/** What one training step reads: `count` pictures of one size, as bytes. Upload and normalisation are the engine's. */
export interface HostBatch {
  readonly size: Size;
  readonly count: number;
  /** RGB [count, height, width, 3]. */
  readonly images: Uint8Array;
  /** Class indices [count, height, width], 255 = ignore; null in a stream that may not see labels. */
  readonly labels: Uint8Array | null;
}

/** Id of a folder layout that the importer recognises. */
export type LayoutId = string;

export interface SplitCounts {
  readonly tiles: number;
  readonly labelled: number;
}

/**
 * How sure the meaning of labels is: their names (or a person) say it, their contents leave one coding, several (a question), or
 * none (a question too).
 */
export type CodingCertainty = 'named' | 'certain' | 'ambiguous' | 'unknown';

/** What label files were read as. */
export interface DatasetCoding {
  /** Null while it is open, and where there are no labels. */
  readonly id: string | null;
  readonly label: string | null;
  readonly certainty: CodingCertainty;
}

export interface DatasetInfo {
  readonly id: DatasetId;
  readonly name: string;
  readonly origin: 'scenes' | 'imported';
  readonly layout: LayoutId | null;
  /** What its labels tell apart; absent: Cityscapes' classes. Read by `classesOf`. */
  readonly classes?: ClassSet;
  /** What its label files were read as; absent in scenes and old records. */
  readonly coding?: DatasetCoding;
  readonly size: Size;
  readonly splits: Readonly<Record<Split, SplitCounts>>;
  /** Labelled pixels per class over the training split, one entry a class, then ignored pixels. */
  readonly classPixels: readonly number[];
  readonly sizeBytes: number;
  /** `importing` and `interrupted` datasets can already be trained on with the tiles they have. */
  readonly state: 'ready' | 'importing' | 'interrupted';
  readonly createdAtMs: number;
}

/** What a dataset tells apart; null for one without labels, which goes with any. */
export function labelledClasses(info: Pick<DatasetInfo, 'classes' | 'splits'>): ClassSet | null {
  const labelled = info.splits.train.labelled + info.splits.val.labelled;
  return info.classes !== undefined || labelled > 0 ? classesOf(info) : null;
}

/** The built-in street scenes. The gaps are 0..1 and morph one and the same scene. */
export interface SceneSettings {
  readonly size: Size;
  /** Palette and camera: 0 draws the target exactly in the source's style. */
  readonly styleGap: number;
  /** Street geometry and object statistics. */
  readonly layoutGap: number;
}

/** Side of the built-in pair: "game" is the labelled source, "camera" the target. */
export type SceneRole = 'game' | 'camera';

export type DatasetRef =
  | { readonly kind: 'scenes'; readonly role: SceneRole; readonly settings: SceneSettings }
  | { readonly kind: 'imported'; readonly id: DatasetId };

/** defaults of the built-in pair: measured to leave a gap that adaptation can close (docs/built-in-pair.md). */
export const DEFAULT_SCENES: SceneSettings = {
  size: { width: 128, height: 64 },
  styleGap: 0.8,
  layoutGap: 0.35,
};
