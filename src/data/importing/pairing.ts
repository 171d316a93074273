// Files to pairs of photo and labels, by name. Nothing is opened here; what cannot be used is listed with its reason.
import type { Split } from '../../domain/dataset.ts';
import type { ImportIssue } from '../../domain/importing.ts';
import { type FileRole, type Naming, splitOfPart } from '../layouts/core/layout.ts';
import { isPhotoExtension } from '../layouts/core/paths.ts';
import type { SourceFile } from '../ports.ts';
import { issueOf } from './importIssues.ts';
import { byCodeUnits, extensionOf, isClutter } from './paths.ts';

/** A pair whose label coding may still be open. */
export interface NamedPair {
  readonly name: string;
  readonly split: Split;
  readonly image: SourceFile;
  readonly labels: SourceFile | null;
  /** Coding that the label's name promises; null: look inside. */
  readonly coding: string | null;
}

interface Candidate extends FileRole {
  readonly file: SourceFile;
}

const addTo = <T>(groups: Map<string, T[]>, key: string, item: T): void => {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
};

/** Why a file cannot be used, seen from outside; null if it looks fine. */
function outwardFault({ file: { path, sizeBytes }, role }: Candidate): ImportIssue | null {
  const extension = extensionOf(path);
  if (sizeBytes === 0) {
    return issueOf('data.unreadable-file', path, `${path} is empty (0 bytes).`, { reason: 'empty' });
  }
  if (role === 'labels' ? extension === 'png' : isPhotoExtension(extension)) return null;
  const wanted = role === 'labels' ? 'Labels must be PNG: other formats change values.' : 'Use PNG or JPEG photos.';
  return issueOf('data.unsupported-format', path, `${path}: .${extension} cannot be read here. ${wanted}`, {
    reason: 'extension',
    extension,
  });
}

/** Splits candidates that claim the same place into the one that is used and findings about the others. */
function keepOne(group: readonly Candidate[], issues: ImportIssue[]): Candidate | undefined {
  const best = Math.min(...group.map(({ rank }) => rank));
  const [kept, ...others] = group.filter(({ rank }) => rank === best);
  for (const { file } of others) {
    const first = kept?.file.path ?? '';
    issues.push(
      issueOf('data.duplicate-name', file.path, `${file.path} has the same name as ${first}, which is used instead.`, {
        first,
      }),
    );
  }
  return kept;
}

/** One candidate a place (scope, part and key), in path order. */
function onePerPlace(candidates: readonly Candidate[], issues: ImportIssue[]): Map<string, Candidate> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) addTo(groups, placeOf(candidate), candidate);
  const places = new Map<string, Candidate>();
  for (const [place, group] of groups) {
    const kept = keepOne(group, issues);
    if (kept !== undefined) places.set(place, kept);
  }
  return places;
}

const placeOf = ({ scope, part, key }: FileRole): string => `${scope}\n${part}\n${key}`;

/**
 * Labels of each image. First within the same folder; what is left over (an archive for the images, another for the
 * labels) by name alone, where the name occurs once on either side: a guess between two would be a wrong label.
 */
function matchLabels(
  images: ReadonlyMap<string, Candidate>,
  labels: ReadonlyMap<string, Candidate>,
): Map<Candidate, Candidate> {
  const matched = new Map<Candidate, Candidate>();
  for (const [place, image] of images) {
    const own = labels.get(place);
    if (own !== undefined) matched.set(image, own);
  }
  const used = new Set(matched.values());
  const leftImages = new Map<string, Candidate[]>();
  const leftLabels = new Map<string, Candidate[]>();
  for (const image of images.values()) if (!matched.has(image)) addTo(leftImages, image.key, image);
  for (const label of labels.values()) if (!used.has(label)) addTo(leftLabels, label.key, label);
  for (const [key, [image, ...more]] of leftImages) {
    const candidates = leftLabels.get(key) ?? [];
    const fitting = candidates.filter(({ part }) => part === image?.part || part === '' || image?.part === '');
    const [label] = fitting;
    if (image !== undefined && more.length === 0 && label !== undefined && fitting.length === 1)
      matched.set(image, label);
  }
  return matched;
}

/**
 * Images of the test part serve as validation if nothing else does and they have labels; else they stay out.
 * Cityscapes publishes no test labels, only dummies that look like some.
 */
function testSplit(
  naming: Naming,
  images: readonly Candidate[],
  matched: ReadonlyMap<Candidate, Candidate>,
): Split | null {
  const parts = new Set(images.map(({ part }) => part));
  if ([...parts].every((part) => part === 'test')) return 'train';
  if (parts.has('val') || !naming.hasTestLabels) return null;
  return images.some((image) => image.part === 'test' && matched.has(image)) ? 'val' : null;
}

function nameUniquely(pairs: readonly (NamedPair & { readonly key: string })[]): readonly NamedPair[] {
  const uses = new Map<string, number>();
  for (const { key } of pairs) uses.set(key, (uses.get(key) ?? 0) + 1);
  return pairs.map(({ key, ...pair }) => ((uses.get(key) ?? 0) > 1 ? { ...pair, name: pair.image.path } : pair));
}

function reportLeftOver(
  labels: Iterable<Candidate>,
  used: ReadonlySet<Candidate>,
  testImages: number,
  issues: ImportIssue[],
): void {
  for (const candidate of labels) {
    if (used.has(candidate)) continue;
    const { path } = candidate.file;
    issues.push(issueOf('data.unpaired', path, `${path} is a label without a photo.`, { role: 'labels' }));
  }
  if (testImages > 0) {
    issues.push(
      issueOf('data.unpaired', '', `${testImages} photos of the test split are left out.`, {
        role: 'test-split',
        count: testImages,
      }),
    );
  }
}

/**
 * Pairs photos with labels as the naming tells, in a fixed order (split, then name). Photos without labels are kept
 * where their whole part of the dataset has none, and left out, as a finding, where others have them.
 */
export function pairFiles(
  files: readonly SourceFile[],
  naming: Naming,
): { readonly pairs: readonly NamedPair[]; readonly issues: readonly ImportIssue[] } {
  const issues: ImportIssue[] = [];
  const sorted = files.filter(({ path }) => !isClutter(path)).sort((a, b) => byCodeUnits(a.path, b.path));
  const usable: Record<FileRole['role'], Candidate[]> = { image: [], labels: [] };
  for (const file of sorted) {
    const role = naming.classify(file.path);
    if (role === null) continue;
    const candidate = { ...role, file };
    const fault = outwardFault(candidate);
    if (fault === null) usable[role.role].push(candidate);
    else issues.push(fault);
  }
  const imagesByPlace = onePerPlace(usable.image, issues);
  const labelsByPlace = onePerPlace(usable.labels, issues);
  const matched = matchLabels(imagesByPlace, labelsByPlace);
  const images = [...imagesByPlace.values()];
  const labelledParts = new Set(images.filter((image) => matched.has(image)).map(({ part }) => part));
  const splitOfTest = testSplit(naming, images, matched);
  const pairs: (NamedPair & { readonly key: string })[] = [];
  let testImages = 0;
  for (const image of images) {
    const label = matched.get(image) ?? null;
    const split = image.part === 'test' ? splitOfTest : splitOfPart(image.part);
    if (split === null) {
      testImages++;
    } else if (label === null && labelledParts.has(image.part)) {
      const { path } = image.file;
      issues.push(
        issueOf('data.unpaired', path, `${path} has no labels, unlike others beside it; it is left out.`, {
          role: 'image',
        }),
      );
    } else {
      const { name, key, file } = image;
      pairs.push({ key, name, split, image: file, labels: label?.file ?? null, coding: label?.coding ?? null });
    }
  }
  reportLeftOver(labelsByPlace.values(), new Set(matched.values()), testImages, issues);
  pairs.sort(
    (a, b) => byCodeUnits(a.split, b.split) || byCodeUnits(a.name, b.name) || byCodeUnits(a.image.path, b.image.path),
  );
  return { pairs: nameUniquely(pairs), issues };
}
