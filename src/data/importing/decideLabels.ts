// What the labels of a drop mean: by what a person says, by their names, by what a wide sample of them holds.
import type { ClassSet } from '../../domain/classes.ts';
import type { CodingReport, ImportChoices, ImportIssue } from '../../domain/importing.ts';
import { ignoring } from '../codings/core/chosenCoding.ts';
import type { Coding } from '../codings/core/coding.ts';
import { parseOwnTable } from '../codings/core/ownTable.ts';
import { codingEntry } from '../codings/registry.ts';
import { layoutEntry } from '../layouts/registry.ts';
import type { SourceFile } from '../ports.ts';
import { type CodingDecision, decideCoding } from './coding/decide.ts';
import type { LabelLook } from './coding/look.ts';
import { lookAtLabels } from './coding/sampleLabels.ts';
import { tableInDrop } from './coding/tablesInDrop.ts';
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
  files: readonly SourceFile[],
  { layout, pairs }: Pairing,
  choices: ImportChoices,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<DecidedLabels> {
  const chosen = chosenOf(choices);
  const labels = pairs.flatMap(({ labels: file, coding }) => (file === null ? [] : [{ file, promised: coding }]));
  const looks = (await lookAtLabels(labels, limits)).map((look) => withoutIgnored(look, choices.ignore));
  const extra = await tableInDrop(files, limits);
  const decision = decideCoding(looks, { named: layoutEntry(layout).codings, extra });
  const codingFor = (id: string): Coding => {
    const listed = extra.find((each) => each.id === id) ?? codingEntry(id);
    return choices.ignore === undefined || listed.values === null ? listed : ignoring(listed, choices.ignore);
  };
  // Labels that could not be looked into, such as polygons, are what their names say.
  const byName = looks.length > 0 ? null : (labels.find(({ promised }) => promised !== null)?.promised ?? null);
  const id = decision.id ?? byName;
  const coding = chosen ?? codingFor(id ?? decision.candidates[0]?.id ?? TRAIN_IDS);
  const { classes } = coding;
  return {
    layout: layoutOfCoding(layout, chosen === null ? id : chosen.id),
    report: labels.length === 0 ? NO_LABELS : reportOf({ ...decision, id }, chosen, coding),
    ...(classes === undefined ? {} : { classes }),
    codings:
      chosen !== null || id !== null ? [coding] : decision.candidates.map((candidate) => codingFor(candidate.id)),
    codingOf: ({ coding: promised }) => (chosen !== null || promised === null ? coding : codingFor(promised)),
    issues: chosen === null ? decision.findings : [],
  };
}

/** What a person says is to be ignored tells nothing about the rest. */
function withoutIgnored(look: LabelLook, ignore: number | undefined): LabelLook {
  const ignored = ignore === undefined ? undefined : look.values?.get(ignore);
  if (ignored === undefined || look.values === null) return look;
  const values = new Map([...look.values].filter(([value]) => value !== ignore));
  return { ...look, values, pixels: Math.max(1, look.pixels - ignored) };
}

/** A table of one's own counts before a coding of the list. */
function chosenOf({ coding, table, ignore }: ImportChoices): Coding | null {
  const chosen = table !== undefined ? parseOwnTable(table.text, table.name) : coding && codingEntry(coding);
  if (!chosen) return null;
  return ignore === undefined ? chosen : ignoring(chosen, ignore);
}

const NO_LABELS: CodingReport = { id: null, label: null, certainty: 'unknown', candidates: [] };

/** A person's choice counts as named; what the evidence says stays to see. */
function reportOf({ id, certainty, candidates }: CodingDecision, chosen: Coding | null, coding: Coding): CodingReport {
  if (chosen !== null) return { id: chosen.id, label: chosen.label, certainty: 'named', candidates };
  return { id, label: id === null ? null : coding.label, certainty, candidates };
}
