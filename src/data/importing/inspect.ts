// The look before the import, in the order in which it is done: which files are what, how they pair, what their labels mean, what
// there is of them, and what a sample shows when decoded. Writes nothing; the session adds what only it knows (report id, free
// space, an earlier import to continue).
import { StudioError } from '../../domain/errors.ts';
import type { ImportChoices, ImportIssue, ImportQuestion, ImportReport } from '../../domain/importing.ts';
import { CODINGS } from '../codings/registry.ts';
import { layoutEntry } from '../layouts/registry.ts';
import type { PhotoDecoder, SourceFile } from '../ports.ts';
import { type DecidedLabels, decideLabels } from './decideLabels.ts';
import { fingerprint } from './fingerprint.ts';
import { explained, IssueLog, LISTED_ISSUES } from './importIssues.ts';
import { overviewOf } from './overview.ts';
import { pairFiles } from './pairing/pairFiles.ts';
import { type ImportPlan, interleaveSplits } from './plan.ts';
import { previewLabels } from './previewLabels.ts';
import { type SampleSettings, samplePairs } from './samplePairs.ts';

export type InspectedReport = Omit<ImportReport, 'reportId' | 'freeBytes' | 'resumes'>;

export interface InspectSettings extends SampleSettings {
  readonly choices?: ImportChoices;
  /** What was found while the files were listed. */
  readonly findings?: readonly ImportIssue[];
}

export interface Inspection {
  readonly report: InspectedReport;
  readonly plan: ImportPlan;
  /** All of them; the report lists the first. */
  readonly findings: readonly ImportIssue[];
}

/**
 * Inspects a drop. Decodes up to 24 pairs, and some labels more; nothing is written. Throws `data.empty-dataset`,
 * `data.unknown-layout`, `config.invalid` for a choice that cannot be, and the reason of `signal` when it aborts.
 */
export async function inspectFiles(
  files: readonly SourceFile[],
  decoder: PhotoDecoder,
  settings: InspectSettings = {},
): Promise<Inspection> {
  const { choices = {}, findings = [], limits } = settings;
  const pairing = pairsIn(files, choices, findings);
  const labels = await decideLabels(files, pairing, choices, limits);
  const layout = layoutEntry(labels.layout);
  const pairs = interleaveSplits(pairing.pairs.map((pair) => ({ ...pair, coding: labels.codingOf(pair) })));
  const known = new IssueLog();
  for (const issues of [findings, pairing.issues, labels.issues]) known.add(issues);
  const { classes } = labels;
  const plan: ImportPlan = {
    layout: layout.id,
    pairs,
    coding: labels.report,
    choices,
    ...(classes === undefined ? {} : { classes }),
    issues: known,
    fingerprint: fingerprint(files, choices),
  };
  const log = new IssueLog(known.list());
  const sampled = await samplePairs(plan, decoder, log, settings);
  const previews = await previewLabels(pairs, labels.codings, decoder, limits);
  return {
    report: {
      layout: layout.id,
      layoutLabel: layout.label,
      suggestedUse: layout.suggestedUse,
      ...overviewOf(files, pairs, layout.suggestedName),
      ...sampled,
      ...(classes === undefined ? {} : { classes }),
      coding: labels.report,
      choices,
      codings: CODINGS.map(({ id, label }) => ({ id, label })),
      questions: questionsOf(pairing.questions, labels),
      unused: pairing.unused,
      previews,
      issues: log.list().slice(0, LISTED_ISSUES),
      issueCounts: log.countsByCode(),
    },
    plan,
    findings: log.list(),
  };
}

/** What must be answered: which photos, which set of labels, then what they mean. What labels of several sets mean cannot be asked. */
function questionsOf(
  ofFiles: readonly ImportQuestion[],
  { report: { certainty, candidates }, photoSets }: DecidedLabels,
): readonly ImportQuestion[] {
  const isOpen = certainty === 'ambiguous' || (certainty === 'unknown' && candidates.length > 0);
  if (photoSets !== null && !ofFiles.some(({ kind }) => kind === 'photos')) return [photoSets, ...ofFiles];
  return [...ofFiles, ...(isOpen ? [{ kind: 'coding' as const }] : [])];
}

/** Throws `data.empty-dataset` and `data.unknown-layout`, with what could not be listed: that may be the very reason. */
function pairsIn(
  files: readonly SourceFile[],
  choices: ImportChoices,
  findings: readonly ImportIssue[],
): ReturnType<typeof pairFiles> {
  try {
    const pairing = pairFiles(files, choices);
    if (pairing.pairs.length === 0) refuseNoPairs(pairing.issues, pairing.layout);
    return pairing;
  } catch (error) {
    throw explained(error, findings);
  }
}

/** Files were recognised, but no pair is left of them. */
function refuseNoPairs(issues: readonly ImportIssue[], layout: string): never {
  const first = issues[0]?.message ?? '';
  throw new StudioError(
    'data.empty-dataset',
    `The files look like ${layout}, but no photo among them can be used. ${first}`,
    'Check that images and labels have the same names, and that the files are complete.',
    { layout, issues: issues.length },
  );
}
