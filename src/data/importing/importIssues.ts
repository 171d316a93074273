// Findings about single files: made here, so that every message says what, where and with which values.
import { type ErrorContext, StudioError } from '../../domain/errors.ts';
import type { ImportIssue } from '../../domain/importing.ts';

export type DataCode = ImportIssue['code'];
export type IssueContext = ImportIssue['context'];

const isDataCode = (code: string): code is DataCode => code.startsWith('data.');

export function issueOf(code: DataCode, path: string, message: string, context: IssueContext = {}): ImportIssue {
  return { code, path, message, context };
}

const plainContext = (context: ErrorContext): IssueContext =>
  Object.fromEntries(
    Object.entries(context).flatMap(([key, value]): [string, string | number][] => {
      if (value === null) return [];
      return [[key, typeof value === 'boolean' ? String(value) : value]];
    }),
  );

/**
 * What went wrong with one file as a finding. A failing read (a file that was moved or locked meanwhile) is one too.
 * Rethrows StudioErrors that are not about data: they are nobody's file's fault.
 */
export function issueFromError(path: string, error: unknown): ImportIssue {
  if (error instanceof StudioError) {
    if (!isDataCode(error.code)) throw error;
    return issueOf(error.code, path, `${error.message} ${error.advice}`, plainContext(error.context));
  }
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return issueOf('data.unreadable-file', path, `${path} could not be read (${cause}).`, {
    reason: 'read-failed',
    cause,
  });
}

/** Findings by code, on top of those counted before. */
export function countIssues(
  issues: readonly ImportIssue[],
  before: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  const counts = { ...before };
  for (const { code } of issues) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Why nothing could be made of a drop, with what could not be listed of it: that may be the very reason. */
export function explained(error: unknown, findings: readonly ImportIssue[]): unknown {
  if (!(error instanceof StudioError) || !isDataCode(error.code)) return error;
  // Where there is nothing, what was passed over may be all that there was.
  const isNothing = error.code === 'data.empty-dataset';
  const [first, ...others] = findings.filter(({ code }) => isNothing || code !== 'data.unused-files');
  if (first === undefined) return error;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new StudioError(error.code, `${error.message} ${first.message}${more}`, error.advice, error.context, error);
}

/** Findings that a report carries to the page, and a journal through an import; all are kept where they were found. */
export const LISTED_ISSUES = 500;

/** All findings, and how many there are of each code. */
export class IssueLog {
  private readonly listed: ImportIssue[] = [];
  private readonly counts = new Map<string, number>();

  constructor(issues: readonly ImportIssue[] = []) {
    this.add(issues);
  }

  add(issues: readonly ImportIssue[]): void {
    for (const issue of issues) {
      this.counts.set(issue.code, (this.counts.get(issue.code) ?? 0) + 1);
      this.listed.push(issue);
    }
  }

  list(): readonly ImportIssue[] {
    return this.listed;
  }

  countsByCode(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }
}
