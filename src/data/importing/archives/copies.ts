// An archive is often still there beside what was unpacked from it, or was downloaded twice. One copy is enough: two
// would count every picture twice, and put the same one into training and validation.
import type { ImportIssue } from '../../../domain/importing.ts';
import type { Listing, SourceFile } from '../../ports.ts';
import { issueOf } from '../importIssues.ts';
import { baseName, byCodeUnits } from '../paths.ts';

/** Files of either side whose bytes are compared, spread over what matches by place and size. */
const COMPARED = 8;
/** Files that say by their names where the others may be found. */
const VOTING = 200;
/** Less than this share of an archive in another place is no copy of it, but the same licence. */
const FOUND = 0.1;
/** Of the files that are in both places, this share must be of the same size; others may have been edited meanwhile. */
const AGREEING = 0.9;

/** Where an archive's files are found again: its paths without their first `dropped` folders, below `base`. */
interface Place {
  readonly dropped: number;
  readonly base: string;
}

/** A file of an archive, and the one that is at its place. */
type Twins = readonly [SourceFile, SourceFile];

/**
 * `c.png` of `a/b/c.png` in `x/b/c.png`: the most that both end with, as the place of the whole archive. Null where that is
 * the file's name alone, out of another folder: `images/1.png` and `labels/1.png` are not at one place.
 */
function placeBy(inside: readonly string[], outside: readonly string[]): Place | null {
  let shared = 0;
  while (shared < inside.length && shared < outside.length && inside.at(-1 - shared) === outside.at(-1 - shared))
    shared++;
  if (shared < 2 && shared < inside.length) return null;
  return { dropped: inside.length - shared, base: outside.slice(0, outside.length - shared).join('/') };
}

const partsInside = ({ path, archive = '' }: SourceFile): string[] => path.slice(archive.length + 1).split('/');

/** Spread evenly, so that what is decided by some of many is decided by all kinds. */
function* spread<T>(items: readonly T[], wanted: number): Generator<T, void, undefined> {
  const step = Math.max(1, items.length / wanted);
  for (let at = 0; at < items.length; at += step) {
    const item = items[Math.floor(at)];
    if (item !== undefined) yield item;
  }
}

/** The place that most of an archive's files point to, or null. */
function likeliestPlace(
  files: readonly SourceFile[],
  twinsOf: (file: SourceFile) => readonly SourceFile[],
): Place | null {
  const votes = new Map<string, { readonly place: Place; count: number }>();
  let best: { readonly place: Place; count: number } | null = null;
  for (const file of spread(files, VOTING)) {
    for (const twin of twinsOf(file)) {
      const place = placeBy(partsInside(file), twin.path.split('/'));
      if (place === null) continue;
      const key = `${place.dropped}\n${place.base}`;
      const vote = votes.get(key) ?? { place, count: 0 };
      vote.count++;
      votes.set(key, vote);
      if (best === null || vote.count > best.count) best = vote;
    }
  }
  return best?.place ?? null;
}

async function haveSameBytes(twins: readonly Twins[]): Promise<boolean> {
  for (const [file, twin] of spread(twins, COMPARED)) {
    try {
      const [own, other] = await Promise.all([file.bytes(), twin.bytes()]);
      if (own.length !== other.length || own.some((byte, at) => byte !== other[at])) return false;
    } catch {
      // One of them cannot be read: then they are not the same, and reading it later will say why.
      return false;
    }
  }
  return true;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * Leaves out archives whose files are there already, unpacked or in another archive, with a finding for each. Where a
 * file of an archive and its twin differ in size, the twin counts: it was changed after unpacking. `archives` holds the
 * paths of the archives themselves by what {@link SourceFile.archive} says.
 */
export async function withoutCopies(
  files: readonly SourceFile[],
  archives: ReadonlyMap<string, string>,
): Promise<Pick<Listing, 'files' | 'findings'>> {
  if (archives.size === 0) return { files, findings: [] };
  const byArchive = groupBy(files, ({ archive }) => archive ?? '');
  const byName = groupBy(files, ({ path }) => baseName(path));
  // A file beside an archive comes before one of the same path within.
  const byPath = new Map(files.filter(({ archive }) => archive !== undefined).map((file) => [file.path, file]));
  for (const file of byArchive.get('') ?? []) byPath.set(file.path, file);
  const left = new Set<SourceFile>();
  const findings: ImportIssue[] = [];
  for (const archive of [...archives.keys()].sort(byCodeUnits)) {
    const own = byArchive.get(archive) ?? [];
    const comesFirst = (other: SourceFile): boolean =>
      !left.has(other) && (other.archive === undefined || other.archive < archive);
    const place = likeliestPlace(own, ({ path, sizeBytes }) =>
      (byName.get(baseName(path)) ?? []).filter((other) => other.sizeBytes === sizeBytes && comesFirst(other)),
    );
    if (place === null) continue;
    const twins = own.flatMap((file): Twins[] => {
      const inside = partsInside(file).slice(place.dropped);
      const twin = byPath.get([...(place.base === '' ? [] : [place.base]), ...inside].join('/'));
      return twin !== undefined && comesFirst(twin) ? [[file, twin]] : [];
    });
    const equal = twins.filter(([file, twin]) => file.sizeBytes === twin.sizeBytes);
    const isCopy = twins.length >= own.length * FOUND && equal.length >= twins.length * AGREEING;
    if (!isCopy || !(await haveSameBytes(equal))) continue;
    for (const [file] of twins) left.add(file);
    const original = archives.get(twins[0]?.[1].archive ?? '') ?? place.base;
    findings.push(copyIssue(archives.get(archive) ?? archive, original, twins.length, twins.length - equal.length));
  }
  return { files: files.filter((file) => !left.has(file)), findings };
}

function copyIssue(path: string, original: string, count: number, changed: number): ImportIssue {
  const but = changed === 0 ? '' : ` (${changed} of them were changed there)`;
  return issueOf(
    'data.duplicate-files',
    path,
    `${count} files of ${path} are in ${original} already${but}; those are taken, once.`,
    { reason: 'copy', first: original, count, changed },
  );
}
