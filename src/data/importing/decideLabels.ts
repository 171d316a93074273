// What the labels of a drop mean: by their names, by what a wide sample of them holds, by what a person says.
import type { ClassSet } from '../../domain/classes.ts';
import type { CodingReport, ImportChoices, ImportIssue } from '../../domain/importing.ts';
import type { Coding } from '../codings/core/coding.ts';
import { CODINGS, codingEntry } from '../codings/registry.ts';
import type { SourceFile } from '../ports.ts';
import { detectCoding } from './detectCoding.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { NamedPair, Pairing } from './pairing/pairFiles.ts';

export interface DecidedLabels {
  /** Plain folders get their layout from what their labels hold. */
  readonly layout: string;
  readonly report: CodingReport;
  /** Absent: Cityscapes'. */
  readonly classes?: ClassSet;
  /** The decided one, or the candidates. */
  readonly codings: readonly Coding[];
  readonly codingOf: (pair: NamedPair) => Coding;
  readonly issues: readonly ImportIssue[];
}

/** Decides the coding. Throws `config.invalid` for a choice that cannot be. */
export async function decideLabels(
  _files: readonly SourceFile[],
  { layout, pairs }: Pairing,
  _choices: ImportChoices,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<DecidedLabels> {
  const found = await detectCoding(layout, pairs, limits);
  const coding = codingEntry(found.coding);
  return {
    layout: found.layout,
    report: { id: coding.id, label: coding.label, certainty: 'certain', candidates: [] },
    codings: [coding],
    codingOf: (pair) => CODINGS.find(({ id }) => id === pair.coding) ?? coding,
    issues: [],
  };
}
