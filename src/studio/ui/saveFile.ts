// Files to save: findings as a table, whatever else there is as it comes.
import type { ImportIssue } from '../../domain/importing.ts';

export function saveFile(name: string, content: BlobPart, type = 'text/csv'): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** A table as CSV (RFC 4180): quotes doubled, cells that need them quoted. */
function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Findings as CSV: first how many there are of each kind, also of those that are not listed, then each with its file. */
export function findingsCsv(issues: readonly ImportIssue[], counts: Readonly<Record<string, number>>): string {
  return csvOf([
    ['code', 'file', 'message'],
    ...Object.entries(counts).map(([code, count]) => [code, '', `${count} in all`]),
    ...issues.map(({ code, path, message }) => [code, path, message]),
  ]);
}
