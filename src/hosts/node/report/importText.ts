// What an import found, and what it asks, as lines on a terminal.
import type { IssueLog } from '../../../data/importing/importIssues.ts';
import type { ImportReport } from '../../../domain/importing.ts';

type Report = Pick<ImportReport, 'layout' | 'coding' | 'questions' | 'unused' | 'splits' | 'fileCount'>;

const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** One line a kind of finding: how many, and the first in full. */
export function findingLines(
  issues: ReturnType<IssueLog['list']>,
  counts: Readonly<Record<string, number>>,
): readonly string[] {
  return Object.entries(counts).map(
    ([code, count]) => `  ${code}: ${count}, first: ${issues.find((issue) => issue.code === code)?.message ?? ''}`,
  );
}

export function codingText({ id, label, certainty, candidates }: Report['coding']): string {
  if (certainty === 'named' || certainty === 'certain') return `labels: ${label} (${id}), ${certainty}`;
  return candidates.length === 0 ? 'labels: none' : `labels: open, ${candidates.length} candidates`;
}

/** What must be said before the import, and how; `prefix` is that of the command's options. */
export function questionText({ questions, coding }: Report, prefix: string): string {
  return questions
    .map((question) => {
      if (question.kind === 'labels') {
        const lines = question.renderings.map(({ name, glob }) => `  ${name}: --${prefix}labels-in '${glob}'`);
        return [
          `${question.photos} photos have several sets of labels, and nothing tells which is meant:`,
          ...lines,
        ].join('\n');
      }
      const lines = coding.candidates.map(({ id, label, unknownShare, ignoredShare, classShares, reasons }) => {
        const classes = Object.entries(classShares)
          .slice(0, 5)
          .map(([name, share]) => `${name} ${percent(share)}`)
          .join(', ');
        const why = reasons.length === 0 ? '' : `\n      ${reasons.join('; ')}`;
        return `  ${id.padEnd(20)} ${label}: ${percent(unknownShare)} unknown, ${percent(ignoredShare)} ignored; ${classes || 'no class'}${why}`;
      });
      const head =
        coding.certainty === 'unknown'
          ? 'None of the known codings explains the labels; the nearest are:'
          : 'The labels can be read in several ways:';
      return [
        head,
        ...lines,
        `Say which with --${prefix}coding ID, or give a table of your own with --${prefix}coding FILE (JSON or CSV: value or colour -> class).`,
      ].join('\n');
    })
    .join('\n');
}

/** The whole report. */
export function importText(report: Report, pairs: readonly { readonly label: string | null }[], log: IssueLog): string {
  const paired = pairs.filter(({ label }) => label !== null).length;
  return [
    `layout: ${report.layout}; ${report.fileCount} files`,
    codingText(report.coding),
    `${paired} pairs, ${pairs.length - paired} photos without labels; ${report.splits.train.pairs + report.splits.train.unlabelled} for training, ${report.splits.val.pairs + report.splits.val.unlabelled} for validation`,
    ...findingLines(log.list(), log.countsByCode()),
  ].join('\n');
}
