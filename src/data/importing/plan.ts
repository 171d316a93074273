// What an import will do, decided before anything is written: an ordered list of pairs. A plan of the same files is
// always the same list, which is what lets an interrupted import continue by index.

import type { ClassSet } from '../../domain/classes.ts';
import type { LayoutId, Split } from '../../domain/dataset.ts';
import type { CodingReport, ImportChoices } from '../../domain/importing.ts';
import type { Coding } from '../codings/core/coding.ts';
import type { SourceFile } from '../ports.ts';
import type { IssueLog } from './importIssues.ts';

export interface Pair {
  readonly name: string;
  readonly split: Split;
  readonly image: SourceFile;
  /** Null for an image that has no labels. */
  readonly labels: SourceFile | null;
  /** What its labels mean. */
  readonly coding: Coding;
}

export interface ImportPlan {
  readonly layout: LayoutId;
  readonly pairs: readonly Pair[];
  readonly coding: CodingReport;
  readonly choices: ImportChoices;
  /** Absent: Cityscapes'. */
  readonly classes?: ClassSet;
  /** What was found before any pair was decoded. */
  readonly issues: IssueLog;
  /** Of all files that were dropped, used or not. */
  readonly fingerprint: string;
}

/** The same pairs, all in one split: for a folder that is given as a validation set. */
export function withAllPairsIn(plan: ImportPlan, split: Split): ImportPlan {
  return { ...plan, pairs: plan.pairs.map((pair) => ({ ...pair, split })) };
}

/**
 * Spreads the validation pairs evenly among the training pairs, so that a dataset that is still coming in can be
 * trained on and evaluated from its first tiles.
 */
export function interleaveSplits(pairs: readonly Pair[]): readonly Pair[] {
  const train = pairs.filter(({ split }) => split === 'train');
  const val = pairs.filter(({ split }) => split === 'val');
  const mixed: Pair[] = [];
  for (let taken = 0; mixed.length < pairs.length; ) {
    const due = Math.ceil(((mixed.length + 1) * val.length) / pairs.length);
    const next = taken < due ? val[taken] : train[mixed.length - taken];
    if (next === undefined) break;
    if (taken < due) taken++;
    mixed.push(next);
  }
  return mixed;
}
