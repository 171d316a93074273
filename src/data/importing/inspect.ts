// The look before the import, in the order in which it is done: how files are named, how they pair, what their labels mean, what
// there is of them, and what a sample shows when decoded. Writes nothing; the session adds what only it knows (report id, free
// space, an earlier import to continue).
import { StudioError } from '../../domain/errors.ts';
import type { ImportIssue, ImportReport } from '../../domain/importing.ts';
import { layoutEntry } from '../layouts/registry.ts';
import type { PhotoDecoder, SourceFile } from '../ports.ts';
import { detectCoding } from './detectCoding.ts';
import { fingerprint } from './fingerprint.ts';
import { IssueLog } from './importIssues.ts';
import { overviewOf } from './overview.ts';
import { pairFiles } from './pairing/pairFiles.ts';
import { type ImportPlan, interleaveSplits } from './plan.ts';
import { type SampleSettings, samplePairs } from './samplePairs.ts';

export type InspectedReport = Omit<ImportReport, 'reportId' | 'freeBytes' | 'resumes'>;

/**
 * Inspects a drop. Decodes up to 24 pairs; nothing is written. Throws `data.empty-dataset`, `data.unknown-layout`,
 * and the reason of `signal` when it aborts.
 */
export async function inspectFiles(
  files: readonly SourceFile[],
  decoder: PhotoDecoder,
  settings: SampleSettings = {},
): Promise<{ readonly report: InspectedReport; readonly plan: ImportPlan }> {
  const { layout: shown, pairs: named, issues } = pairFiles(files);
  const reading = await detectCoding(shown, named, settings.limits);
  const layout = layoutEntry(reading.layout);
  if (named.length === 0) refuseNoPairs(issues, layout.id);
  const pairs = interleaveSplits(named.map((pair) => ({ ...pair, coding: pair.coding ?? reading.coding })));
  const plan = { layout: layout.id, pairs, fingerprint: fingerprint(files) };
  const overview = overviewOf(files, pairs, layout.suggestedName);
  const log = new IssueLog();
  log.add(...issues);
  const sampled = await samplePairs(pairs, decoder, log, settings);
  return {
    report: {
      layout: layout.id,
      layoutLabel: layout.label,
      suggestedUse: layout.suggestedUse,
      ...overview,
      ...sampled,
      issues: log.list(),
      issueCounts: log.countsByCode(),
    },
    plan,
  };
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
