// What a dataset layout is: the words in its folder and file names, and what its labels may mean. Data, no code: the importer
// reads all layouts as one vocabulary, so that a name that promises something is believed wherever it stands.
import type { SuggestedUse, UnusedReason } from '../../../domain/importing.ts';

/** How a photo's stem may end; what remains is the name that it shares with its labels. */
export interface PhotoName {
  readonly ends: RegExp;
  /** Renderings of one and the same frame (a fog's density): the lowest rank is taken, the others are reported. */
  readonly variant?: number;
}

/** How a label's stem may end, and what that promises. */
export interface LabelName {
  readonly ends: RegExp;
  /** Id of the coding that the name promises; null: look inside. */
  readonly coding: string | null;
  /** Of several label files for one photo, the lowest is taken. */
  readonly rank: number;
  /** An annotation to draw, not a picture. */
  readonly extension?: 'json';
}

/** A file or folder that belongs to the layout and is no photo and no label. */
export interface UnusedName {
  readonly ends: RegExp;
  readonly why: UnusedReason;
}

export interface FolderNames {
  /** Names of whole folders, lower case. */
  readonly photos?: readonly string[];
  readonly labels?: readonly string[];
  readonly unused?: readonly string[];
}

export interface Layout {
  /** Stored with datasets: never renamed. */
  readonly id: string;
  /** Shown where it has no name in the reader's language. */
  readonly label: string;
  /** Of a dataset whose folder tells nothing better. */
  readonly suggestedName: string;
  readonly suggestedUse: SuggestedUse;
  /** What a drop must contain to be taken for it, for the message when nothing fits. */
  readonly lookedFor: string;
  /** What shows it, tested on each path; the layout that shows in most files gives the dataset its name. */
  readonly signs: readonly RegExp[];
  /** Id of a layout whose names it shares: where both show, this one is meant. */
  readonly refines?: string;
  readonly photos?: readonly PhotoName[];
  readonly labels?: readonly LabelName[];
  readonly unused?: readonly UnusedName[];
  readonly folders?: FolderNames;
  /** Ids of the codings that it is published in. */
  readonly codings: readonly string[];
  /** Labels of the test part are dummies or withheld, as Cityscapes' are. */
  readonly hasDummyTestLabels?: boolean;
}
