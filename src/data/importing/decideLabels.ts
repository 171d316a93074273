// What the labels of a drop mean: by what a person says, by their names, by what a wide sample of them holds.
import type { ClassSet } from '../../domain/classes.ts';
import { StudioError } from '../../domain/errors.ts';
import type { CodingReport, ImportChoices, ImportIssue, ImportQuestion } from '../../domain/importing.ts';
import { ignoring } from '../codings/core/chosenCoding.ts';
import type { Coding } from '../codings/core/coding.ts';
import { OWN_TABLE, parseOwnTable, TABLE_PREFIX } from '../codings/core/ownTable.ts';
import { codingEntry } from '../codings/registry.ts';
import { layoutEntry } from '../layouts/registry.ts';
import type { SourceFile } from '../ports.ts';
import { type CodingDecision, decideCoding } from './coding/decide.ts';
import type { LabelLook } from './coding/look.ts';
import { lookAtLabels } from './coding/sampleLabels.ts';
import { tablesInDrop } from './coding/tablesInDrop.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { NamedPair, Pairing } from './pairing/pairFiles.ts';
import { apart, setsByFolder } from './pairing/photoSets.ts';
import { layoutOfCoding } from './pairing/recognise.ts';
import { extensionOf } from './paths.ts';

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
  /** Labels that disagree lie in datasets of their own: which is meant? */
  readonly photoSets: ImportQuestion | null;
}

const TRAIN_IDS = 'train-ids';

/** Decides the coding. Throws `config.invalid` for a choice that cannot be. */
export async function decideLabels(
  files: readonly SourceFile[],
  { layout, pairs }: Pairing,
  choices: ImportChoices,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<DecidedLabels> {
  const { codings: extra, issues: tableIssues } = await tablesInDrop(files, limits);
  const chosen = chosenOf(choices, extra);
  const labels = pairs.flatMap(({ labels: file, coding }) => (file === null ? [] : [{ file, promised: coding }]));
  if (chosen !== null) refuseForAnnotations(chosen, pairs);
  const looks = (await lookAtLabels(labels, limits)).map((look) => withoutIgnored(look, choices.ignore));
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
    codingOf: ({ labels: file, coding: promised }) =>
      promised === null || (chosen !== null && (isOwn(chosen) || !isAnnotation(file))) ? coding : codingFor(promised),
    photoSets: chosen === null && decision.groups !== undefined ? datasetsApart(pairs, decision.groups) : null,
    issues: chosen === null ? [...tableIssues, ...decision.findings] : [],
  };
}

/** Sets of photos whose labels agree, where each lies in folders of its own; null where they are mixed. */
function datasetsApart(pairs: readonly NamedPair[], groups: readonly (readonly string[])[]): ImportQuestion | null {
  const labelled = pairs.flatMap(({ labels }) => (labels === null ? [] : [labels.path]));
  const homes = apart(groups);
  if (homes === null) return null;
  const photos = groups.map((_, group) =>
    pairs.flatMap(({ image }) => (homes(image.path) === group ? [image.path] : [])),
  );
  if (photos.some((group) => group.length === 0)) return null;
  const sets = setsByFolder(photos, [...pairs.map(({ image }) => image.path), ...labelled]);
  return sets && { kind: 'photos', sets, photos: photos.flat().length };
}

/** What a person says is to be ignored tells nothing about the rest. */
function withoutIgnored(look: LabelLook, ignore: number | undefined): LabelLook {
  const ignored = ignore === undefined ? undefined : look.values?.get(ignore);
  if (ignored === undefined || look.values === null) return look;
  const values = new Map([...look.values].filter(([value]) => value !== ignore));
  return { ...look, values, pixels: Math.max(1, look.pixels - ignored) };
}

/** Polygons name their classes: only a table of one's own, of the ids that the names stand for, says otherwise. */
const isAnnotation = (file: SourceFile | null): boolean => file !== null && extensionOf(file.path) === 'json';
const isOwn = ({ id }: Coding): boolean => id === OWN_TABLE || id.startsWith(TABLE_PREFIX);

/** Throws `config.invalid` where a coding of numbers or colours is chosen for labels that name their classes. */
function refuseForAnnotations(chosen: Coding, pairs: readonly NamedPair[]): void {
  const labelled = pairs.filter(({ labels }) => labels !== null);
  const annotation = labelled.find(({ labels }) => isAnnotation(labels));
  if (annotation === undefined || isOwn(chosen) || chosen.id === annotation.coding) return;
  // Beside polygons there may be pictures: the choice is for those, if both have the same classes.
  if (chosen.classes === undefined && labelled.some(({ labels }) => !isAnnotation(labels))) return;
  throw new StudioError(
    'config.invalid',
    `${annotation.labels?.path} holds polygons with the names of their classes: ${chosen.label} does not apply.`,
    `Leave the coding open, or give a table of your own from ids (as ${annotation.coding} has them) to classes.`,
    { key: 'coding', value: chosen.id },
  );
}

/** A table of one's own counts before one of the drop, and that before a coding of the list. */
function chosenOf({ coding, table, ignore }: ImportChoices, extra: readonly Coding[]): Coding | null {
  if (table === undefined && coding === undefined) return null;
  const chosen =
    table !== undefined
      ? parseOwnTable(table.text, table.name)
      : (extra.find(({ id }) => id === coding) ?? codingEntry(coding ?? ''));
  return ignore === undefined ? chosen : ignoring(chosen, ignore);
}

const NO_LABELS: CodingReport = { id: null, label: null, certainty: 'unknown', candidates: [] };

/** A person's choice counts as named; what the evidence says stays to see. */
function reportOf({ id, certainty, candidates }: CodingDecision, chosen: Coding | null, coding: Coding): CodingReport {
  if (chosen !== null) return { id: chosen.id, label: chosen.label, certainty: 'named', candidates };
  return { id, label: id === null ? null : coding.label, certainty, candidates };
}
