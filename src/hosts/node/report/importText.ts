// What an import found, and what it asks, as lines on a terminal.
import type { IssueLog } from '../../../data/importing/importIssues.ts';
import type { CodingReason, ImportReport } from '../../../domain/importing.ts';

type Report = Pick<ImportReport, 'layout' | 'coding' | 'questions' | 'unused' | 'splits' | 'fileCount'>;

const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

const REASONS: Readonly<Record<CodingReason['kind'], string>> = {
  'file-names': 'the file names say so',
  'table-in-drop': 'its table lies among the files',
  layout: 'the folder layout is published with it',
  palette: 'the palette of the files is its own',
  'palette-colours': 'the colours of the palette are its own',
  'palette-of-tools': 'the palette is its own, but tools put it into other files, too',
  'palette-of-another': "the palette shows another coding's colours",
  'undefined-values': 'does not define',
  'another-kind': 'is of another kind (numbers or colours) than files here',
  usual: 'in proportions as usual with it',
  unusual: 'in proportions that are unusual with it',
};

const reasonText = ({ kind, values }: CodingReason): string => [REASONS[kind], values].filter(Boolean).join(' ');

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
      if (question.kind !== 'coding') {
        const { kind, sets, photos } = question;
        const option = kind === 'labels' ? 'labels-in' : 'photos';
        const head =
          kind === 'labels'
            ? `${photos} photos have several sets of labels, and nothing tells which is meant:`
            : `${photos} photos are of several sets, and nothing tells which is meant:`;
        return [head, ...sets.map(({ name, glob }) => `  ${name}: --${prefix}${option} '${glob}'`)].join('\n');
      }
      const lines = coding.candidates.map(({ id, label, unknownShare, ignoredShare, classShares, reasons, alike }) => {
        const classes = Object.entries(classShares)
          .slice(0, 5)
          .map(([name, share]) => `${name} ${percent(share)}`)
          .join(', ');
        const said = [
          ...reasons.map(reasonText),
          ...(alike.length === 0 ? [] : [`reads these files as ${alike.join(', ')} would`]),
        ];
        const why = said.length === 0 ? '' : `\n      ${said.join('; ')}`;
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
