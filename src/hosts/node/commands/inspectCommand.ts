// npm run headless -- inspect: what an import would make of folders and archives, pair by pair, without importing.
import { decodePair } from '../../../data/decode/decodePair.ts';
import { IssueLog } from '../../../data/importing/importIssues.ts';
import { inspectFiles } from '../../../data/importing/inspect.ts';
import { DEFAULT_LIMITS } from '../../../data/importing/limits.ts';
import { unusedIssue } from '../../../data/importing/pairing/unused.ts';
import type { ImportPlan, Pair } from '../../../data/importing/plan.ts';
import { classesOf } from '../../../domain/classes.ts';
import { addClassPixels, noClassPixels } from '../../../domain/classPixels.ts';
import { StudioError, serialiseError } from '../../../domain/errors.ts';
import type { ImportIssue, ImportReport } from '../../../domain/importing.ts';
import { nodePhotoDecoder } from '../decodePhoto.ts';
import { importText, questionText } from '../report/importText.ts';
import { filesAt } from '../storage/nodeFiles.ts';
import { choiceOptions, readChoices } from './importArguments.ts';
import { readOptions } from './options.ts';

const OPTIONS = { json: { type: 'boolean', default: false }, ...choiceOptions('') } as const;

const EXIT = { usable: 0, nothing: 1, question: 2 } as const;

export interface InspectedPair {
  readonly photo: string;
  readonly label: string | null;
  readonly split: Pair['split'];
  /** Pixels of each class that occurs, by name; empty while the coding is open. */
  readonly classes: Readonly<Record<string, number>>;
}

export async function inspectCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, OPTIONS, true);
  if (positionals.length === 0) {
    throw new StudioError(
      'config.invalid',
      'inspect needs a folder or an archive.',
      'Give one or more: inspect DIR...',
    );
  }
  const choices = await readChoices('', values);
  const log = new IssueLog();
  try {
    const { files, findings } = await filesAt(positionals);
    const { report, plan } = await inspectFiles(files, nodePhotoDecoder, {
      choices,
      findings,
    });
    log.add(plan.issues.list());
    log.add(report.unused.filter(({ reason }) => !isTold(reason, plan)).map(unusedIssue));
    const isOpen = report.questions.length > 0;
    const pairs = await decodeAll(plan, log, isOpen);
    if (values.json) console.log(JSON.stringify(toJson(report, pairs, log.list(), files.length), null, 2));
    else console.log(importText(report, pairs, log));
    if (isOpen && pairs.length > 0) {
      console.error(questionText(report, ''));
      return EXIT.question;
    }
    if (pairs.length > 0) return EXIT.usable;
    console.error('No photo there can be used; the findings say why.');
    return EXIT.nothing;
  } catch (error) {
    const { code, message, advice, context } = serialiseError(error);
    if (!(error instanceof StudioError) || !code.startsWith('data.')) throw error;
    if (values.json) {
      const finding = { code, file: String(context.path ?? context.example ?? ''), message: `${message} ${advice}` };
      console.log(JSON.stringify({ ...NOTHING, findings: [finding] }, null, 2));
    } else console.error(`${code}: ${message}\n${advice}`);
    return EXIT.nothing;
  }
}

const isTold = (reason: string, plan: ImportPlan): boolean =>
  plan.issues.list().some(({ code, context }) => code === 'data.unused-files' && context.reason === reason);

/** Decodes every pair; what cannot be used goes to the log and is left out. */
async function decodeAll(plan: ImportPlan, log: IssueLog, isOpen: boolean): Promise<readonly InspectedPair[]> {
  const classes = classesOf(plan);
  const pairs: InspectedPair[] = [];
  for (const pair of plan.pairs) {
    const { image, labels, issues } = await decodePair(pair, nodePhotoDecoder, DEFAULT_LIMITS);
    log.add(issues);
    if (image === null) continue;
    const counts = noClassPixels(classes);
    if (labels !== null && !isOpen) addClassPixels(counts, labels);
    const named = classes
      .map(({ name }, index) => [name, counts[index] ?? 0] as const)
      .filter(([, pixels]) => pixels > 0);
    const ignored = counts[classes.length] ?? 0;
    pairs.push({
      photo: pair.image.path,
      label: pair.labels?.path ?? null,
      split: pair.split,
      classes: Object.fromEntries(ignored > 0 ? [...named, ['ignore', ignored]] : named),
    });
  }
  return pairs;
}

const NOTHING = {
  layout: null,
  coding: { id: null, certainty: 'unknown', candidates: [] },
  counts: { paired: 0, unlabelled: 0, leftOut: 0 },
  splits: { train: 0, val: 0 },
  pairs: [],
};

function toJson(
  report: Omit<ImportReport, 'reportId' | 'freeBytes' | 'resumes'>,
  pairs: readonly InspectedPair[],
  issues: readonly ImportIssue[],
  files: number,
) {
  const paired = pairs.filter(({ label }) => label !== null).length;
  const inSplit = (split: Pair['split']): number => pairs.filter((pair) => pair.split === split).length;
  return {
    layout: report.layout,
    coding: {
      id: report.coding.id,
      certainty: report.coding.certainty,
      candidates: report.coding.candidates.map(({ id, unknownShare, ignoredShare, reasons, alike }) => ({
        id,
        unknownShare,
        ignoredShare,
        reasons,
        alike,
      })),
    },
    questions: report.questions,
    counts: { paired, unlabelled: pairs.length - paired, leftOut: files - pairs.length - paired },
    splits: { train: inSplit('train'), val: inSplit('val') },
    pairs,
    unused: report.unused,
    findings: issues.map(({ code, path, message }) => ({ code, file: path, message })),
  };
}
