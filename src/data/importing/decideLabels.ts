// What the labels of a drop mean: by what a person says, by their names, by what a wide sample of them holds.
import type { ClassSet } from '../../domain/classes.ts';
import type { CodingReport, ImportChoices, ImportIssue } from '../../domain/importing.ts';
import { ignoring } from '../codings/core/chosenCoding.ts';
import type { Coding } from '../codings/core/coding.ts';
import { CODINGS, codingEntry } from '../codings/registry.ts';
import { layoutEntry } from '../layouts/registry.ts';
import type { SourceFile } from '../ports.ts';
import { type CodingDecision, decideCoding } from './coding/decide.ts';
import { lookAtLabels } from './coding/sampleLabels.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { NamedPair, Pairing } from './pairing/pairFiles.ts';
import { layoutOfCoding } from './pairing/recognise.ts';

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

const TRAIN_IDS = 'train-ids';

/** Decides the coding. Throws `config.invalid` for a choice that cannot be. */
export async function decideLabels(
  _files: readonly SourceFile[],
  { layout, pairs }: Pairing,
  choices: ImportChoices,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<DecidedLabels> {
  const chosen = choices.coding === undefined ? null : codingEntry(choices.coding);
  const labels = pairs.flatMap(({ labels: file, coding }) => (file === null ? [] : [{ file, promised: coding }]));
  const looks = await lookAtLabels(labels, limits);
  const decision = decideCoding(looks, { named: layoutEntry(layout).codings });
  const withIgnored = (coding: Coding): Coding =>
    choices.ignore === undefined ? coding : ignoring(coding, choices.ignore);
  const decided = codingEntry(decision.id ?? decision.candidates[0]?.id ?? TRAIN_IDS);
  const coding = withIgnored(chosen ?? decided);
  const { classes } = coding;
  const isNamed = chosen === null && decision.certainty === 'named';
  return {
    layout: layoutOfCoding(layout, chosen === null ? decision.id : chosen.id),
    report: labels.length === 0 ? NO_LABELS : reportOf(decision, chosen === null ? null : coding, coding),
    ...(classes === undefined ? {} : { classes }),
    codings: chosen !== null || decision.id !== null ? [coding] : decision.candidates.map(({ id }) => codingEntry(id)),
    codingOf: ({ coding: promised }) => {
      if (chosen !== null || promised === null) return coding;
      const own = CODINGS.find(({ id }) => id === promised);
      return own === undefined || (isNamed && own.id === coding.id) ? coding : withIgnored(own);
    },
    issues: chosen === null ? decision.findings : [],
  };
}

const NO_LABELS: CodingReport = { id: null, label: null, certainty: 'named', candidates: [] };

/** A person's choice counts as named; what the evidence says stays to see. */
function reportOf({ id, certainty, candidates }: CodingDecision, chosen: Coding | null, coding: Coding): CodingReport {
  if (chosen !== null) return { id: chosen.id, label: chosen.label, certainty: 'named', candidates };
  return { id, label: id === null ? null : coding.label, certainty, candidates };
}
