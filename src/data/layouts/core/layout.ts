// What a dataset layout is: how its files are named, and what their labels may mean.
import type { Split } from '../../../domain/dataset.ts';
import type { SuggestedUse } from '../../../domain/importing.ts';

/** What a path says about its file. */
export interface FileRole {
  readonly role: 'image' | 'labels';
  /** Folder that the file belongs to; files of one scope and key belong together. */
  readonly scope: string;
  /** Lower-case name that an image shares with its labels. */
  readonly key: string;
  /** As it should be shown. */
  readonly name: string;
  /** The part of the dataset it lies in: `train`, `val`, `test`, `train_extra`, or empty where none is named. */
  readonly part: string;
  /** Of several label files for one image, the lowest is taken. */
  readonly rank: number;
  /** Id of the coding that the name promises; null: look inside. */
  readonly coding: string | null;
}

/** How files are named. Layouts may share one: GTA5 and plain folders look alike from outside. */
export interface Naming {
  /** Where several namings fit, the most specific is taken: names that nothing else has, folders of one dataset, any folders. */
  readonly specificity: 'names' | 'folders' | 'generic';
  /** What a drop must contain to be taken for it, for the message when nothing fits. */
  readonly lookedFor: string;
  /** Whether labels of the test part can be believed; Cityscapes publishes dummies. */
  readonly hasTestLabels: boolean;
  matches(paths: readonly string[]): boolean;
  /** Null for a file that plays no part. */
  classify(path: string): FileRole | null;
}

/** Files named so may be this layout if their labels are coded so. */
export interface Reading {
  readonly naming: Naming;
  readonly coding: string;
  /** Of readings that explain the labels equally well, across layouts, the lowest is taken. */
  readonly preference: number;
}

export interface Layout {
  /** Stored with datasets: never renamed. */
  readonly id: string;
  /** Shown where it has no name in the reader's language. */
  readonly label: string;
  /** Of a dataset whose folder tells nothing better. */
  readonly suggestedName: string;
  readonly suggestedUse: SuggestedUse;
  readonly readings: readonly Reading[];
}

/** Where the files of a part go. Test labels are withheld or kept for the end, so that part has no split of its own. */
export function splitOfPart(part: string): Split {
  return part === 'val' ? 'val' : 'train';
}
