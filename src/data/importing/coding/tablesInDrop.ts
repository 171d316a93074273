// Tables that lie among the files of a drop and say what its labels mean: the labelmap.txt of CVAT and VOC exports, Datumaro's
// dataset_meta.json, the panoptic files of COCO, and the codes.txt of fastai's CamVid.
import { StudioError } from '../../../domain/errors.ts';
import type { ImportIssue } from '../../../domain/importing.ts';
import { textOf } from '../../../domain/textBytes.ts';
import { CAMVID_NAMES } from '../../codings/core/camvidTable.ts';
import type { Coding } from '../../codings/core/coding.ts';
import { parseOwnTable, TABLE_PREFIX } from '../../codings/core/ownTable.ts';
import { isPanopticTable, panopticCoding } from '../../codings/core/panoptic.ts';
import { codingEntry } from '../../codings/registry.ts';
import type { SourceFile } from '../../ports.ts';
import { issueOf } from '../importIssues.ts';
import type { ImportLimits } from '../limits.ts';
import { readWhole } from '../readWhole.ts';

const TABLES = /(^|\/)(labelmap\.txt|dataset_meta\.json|codes\.txt|[^/]*panoptic[^/]*\.json)$/i;

export interface TablesInDrop {
  /** One for each meaning; several are a question. */
  readonly codings: readonly Coding[];
  readonly issues: readonly ImportIssue[];
}

/** The codings that tables in the drop give. One that cannot be read is a finding: it may be somebody else's of the same name. */
export async function tablesInDrop(files: readonly SourceFile[], limits: ImportLimits): Promise<TablesInDrop> {
  const codings: Coding[] = [];
  const issues: ImportIssue[] = [];
  for (const file of files.filter(({ path }) => TABLES.test(path))) {
    try {
      const coding = codingIn(textOf(await readWhole(file, limits)), file.path);
      if (coding !== null && !codings.some((each) => isSameTable(each, coding))) codings.push(coding);
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      const { path } = file;
      issues.push(
        issueOf('data.unreadable-file', path, `${path} is no table of classes: ${error.message}`, { reason: 'table' }),
      );
    }
  }
  if (codings.length > 1) issues.push(severalTables(codings));
  return { codings, issues };
}

function codingIn(text: string, path: string): Coding | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.toLowerCase() === 'codes.txt') {
    const names = text.trim().split(/\s+/);
    return names.join() === CAMVID_NAMES.join() ? codingEntry('camvid-32') : null;
  }
  if (isPanopticTable(path)) return panopticCoding(text, path);
  return { ...parseOwnTable(text, name), id: `${TABLE_PREFIX}${path}`, label: path };
}

function isSameTable(a: Coding, b: Coding): boolean {
  if (a.segments !== undefined || b.segments !== undefined) return false;
  const told = ({ values, colours, classes }: Coding): string =>
    JSON.stringify([values && [...values], colours && [...colours].sort(([one], [two]) => one - two), classes]);
  return told(a) === told(b);
}

function severalTables(codings: readonly Coding[]): ImportIssue {
  const groups = codings.map(({ label }) => label).join(', ');
  const path = codings[1]?.label ?? '';
  const message = `The drop holds ${codings.length} tables of classes that do not agree: ${groups}. Choose one, or import what belongs to each by itself.`;
  return issueOf('data.mixed-codings', path, message, { groups, first: codings[0]?.label ?? '' });
}
