// The look before the import: what the files are, how they pair, and what a sample of them shows when decoded.
// Writes nothing; the session adds what only it knows (report id, free space, an earlier import to continue).

import { addClassPixels, COUNT_SLOTS, classShares } from '../../domain/classPixels.ts';
import type { LayoutId, Split } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type { ImportIssue, ImportReport } from '../../domain/importing.ts';
import { decodePair } from '../decode/decodePair.ts';
import { spreadIndices } from '../feed/batcher.ts';
import { layoutEntry, NAMINGS, recogniseNaming } from '../layouts/registry.ts';
import type { PhotoDecoder, SourceFile } from '../ports.ts';
import { detectCoding } from './detectCoding.ts';
import { fingerprint } from './fingerprint.ts';
import { IssueLog } from './importIssues.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import { pairFiles } from './pairing.ts';
import { baseName, commonRoot, isClutter } from './paths.ts';
import { type ImportPlan, interleaveSplits, type Pair } from './plan.ts';

export type InspectedReport = Omit<ImportReport, 'reportId' | 'freeBytes' | 'resumes'>;

export interface InspectSettings {
  readonly limits?: ImportLimits;
  readonly signal?: AbortSignal;
  /** Called after each sampled pair. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pairs decoded for sizes, class shares and findings, spread evenly over the plan. */
const SAMPLE_PAIRS = 24;

function refuseEmpty(files: readonly SourceFile[]): void {
  if (files.some(({ path }) => !isClutter(path))) return;
  throw new StudioError(
    'data.empty-dataset',
    'There are no files in what was dropped.',
    'Drop the folder that holds the images, or the zip file as it was downloaded.',
    { files: files.length },
  );
}

function refuseUnknown(files: readonly SourceFile[]): never {
  const examples = files.slice(0, 3).map(({ path }) => path);
  throw new StudioError(
    'data.unknown-layout',
    `None of the known layouts fits these ${files.length} files (${examples.join(', ')}${files.length > 3 ? ', …' : ''}).`,
    `Looked for: ${NAMINGS.map(({ lookedFor }) => lookedFor).join('; ')}.`,
    { files: files.length, example: examples[0] ?? '' },
  );
}

/** Files were recognised, but no pair is left of them. */
function refuseNoPairs(issues: readonly ImportIssue[], layout: LayoutId): never {
  const first = issues[0]?.message ?? '';
  throw new StudioError(
    'data.empty-dataset',
    `The files look like ${layout}, but no photo among them can be used. ${first}`,
    'Check that images and labels have the same names, and that the files are complete.',
    { layout, issues: issues.length },
  );
}

interface Sampled {
  readonly imageSizes: InspectedReport['imageSizes'];
  readonly classShares: readonly number[];
  readonly decodeMsPerPair: number;
  readonly sampled: number;
}

async function samplePairs(
  pairs: readonly Pair[],
  decoder: PhotoDecoder,
  log: IssueLog,
  { limits = DEFAULT_LIMITS, signal, onProgress }: InspectSettings,
): Promise<Sampled> {
  const sizes = new Map<string, { width: number; height: number; count: number }>();
  const counts = new Float64Array(COUNT_SLOTS);
  const indices = spreadIndices(pairs.length, Math.min(pairs.length, SAMPLE_PAIRS));
  let decodeMs = 0;
  for (const [done, index] of indices.entries()) {
    signal?.throwIfAborted();
    const pair = pairs[index];
    if (pair === undefined) continue;
    const decoded = await decodePair(pair, decoder, limits);
    decodeMs += decoded.decodeMs;
    log.add(...decoded.issues);
    if (decoded.labels !== null) addClassPixels(counts, decoded.labels);
    if (decoded.image !== null) {
      const { width, height } = decoded.image;
      const key = `${width}x${height}`;
      sizes.set(key, { width, height, count: (sizes.get(key)?.count ?? 0) + 1 });
    }
    onProgress?.(done + 1, indices.length);
  }
  return {
    imageSizes: [...sizes.values()].sort((a, b) => b.count - a.count || b.width * b.height - a.width * a.height),
    classShares: classShares(counts),
    decodeMsPerPair: indices.length === 0 ? 0 : decodeMs / indices.length,
    sampled: indices.length,
  };
}

/** The dropped folder's name where it tells more than the layout's own folders do. */
function suggestName(files: readonly SourceFile[], otherwise: string): string {
  const root = commonRoot(files.map(({ path }) => path));
  const isStructural = root === null || /^(leftImg8bit|images?|train|val|test|dataset|data)$/i.test(root);
  return isStructural ? otherwise : baseName(root);
}

function countSplit(pairs: readonly Pair[], split: Split): { pairs: number; unlabelled: number } {
  const own = pairs.filter((pair) => pair.split === split);
  const unlabelled = own.filter(({ labels }) => labels === null).length;
  return { pairs: own.length - unlabelled, unlabelled };
}

/**
 * Inspects a drop. Decodes up to 24 pairs; nothing is written. Throws `data.empty-dataset`, `data.unknown-layout`,
 * and the reason of `signal` when it aborts.
 */
export async function inspectFiles(
  files: readonly SourceFile[],
  decoder: PhotoDecoder,
  settings: InspectSettings = {},
): Promise<{ readonly report: InspectedReport; readonly plan: ImportPlan }> {
  refuseEmpty(files);
  const naming = recogniseNaming(files.map(({ path }) => path)) ?? refuseUnknown(files);
  const { pairs: named, issues } = pairFiles(files, naming);
  const { layout, coding } = await detectCoding(naming, named, settings.limits);
  const { label, suggestedName, suggestedUse } = layoutEntry(layout);
  if (named.length === 0) refuseNoPairs(issues, layout);
  const pairs = interleaveSplits(named.map((pair) => ({ ...pair, coding: pair.coding ?? coding })));
  const log = new IssueLog();
  log.add(...issues);
  const sampled = await samplePairs(pairs, decoder, log, settings);
  return {
    report: {
      layout,
      layoutLabel: label,
      suggestedName: suggestName(files, suggestedName),
      suggestedUse,
      fileCount: files.length,
      splits: { train: countSplit(pairs, 'train'), val: countSplit(pairs, 'val') },
      ...sampled,
      issues: log.list(),
      issueCounts: log.countsByCode(),
    },
    plan: { layout, pairs, fingerprint: fingerprint(files) },
  };
}
