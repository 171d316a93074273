// The folders of a drop, each read once: what its files are, which part of the dataset they belong to, and where they lie apart
// from such words. A folder below a label folder holds labels; what all files share says nothing.
import type { Layout } from '../../layouts/core/layout.ts';
import { comparable, type FolderMeaning, type FolderWord, readFolder } from './words.ts';

/** A folder that both sides of a pair must agree on, unless it is a container. */
export interface Place {
  readonly name: string;
  readonly isContainer: boolean;
  /** An archive: downloads are cut into several wherever their size says. */
  readonly isArchive: boolean;
}

export interface Folder {
  readonly meaning: FolderMeaning;
  readonly part: string;
  readonly places: readonly Place[];
  /** Words that tell several label files of one photo apart, as they stand in the path. */
  readonly rendering: string;
  readonly isColour: boolean;
}

interface Reading extends FolderWord {
  readonly name: string;
}

/** Reads folders in the words of all layouts that show in the drop. */
export function readFolders(
  folders: Iterable<string>,
  archiveRoots: ReadonlySet<string>,
  layouts: readonly Layout[],
): ReadonlyMap<string, Folder> {
  const known = layoutFolders(layouts);
  const words = new Map<string, Reading>();
  const read = (name: string): Reading => {
    let word = words.get(name);
    if (word === undefined) {
      word = { ...(known.get(name.toLowerCase()) ?? readFolder(name)), name };
      words.set(name, word);
    }
    return word;
  };
  const paths = [...new Set(folders)];
  const readings = new Map(paths.map((path) => [path, path === '' ? [] : path.split('/').map(read)]));
  const shared = sharedDepth([...readings.values()]);
  const holds = containersIn(readings, shared);
  return new Map(paths.map((path) => [path, folderOf(readings.get(path) ?? [], { shared, holds, archiveRoots })]));
}

function layoutFolders(layouts: readonly Layout[]): ReadonlyMap<string, FolderWord> {
  const known = new Map<string, FolderWord>();
  for (const { folders = {} } of layouts) {
    for (const meaning of ['photos', 'labels', 'unused'] as const) {
      for (const name of folders[meaning] ?? []) {
        const { part, isColour } = readFolder(name);
        known.set(name, {
          meaning,
          part,
          rest: '',
          isContainer: true,
          isColour: isColour && meaning === 'labels',
          isRendering: false,
        });
      }
    }
  }
  return known;
}

/** A release of the labels: Mapillary keeps `v1.2/labels` beside `v2.0/labels`. */
const VERSION = /^v\d+(\.\d+)*$/i;

/** Of how many leading folders all paths share: they tell no two files apart. */
function sharedDepth(paths: readonly (readonly Reading[])[]): number {
  const first = paths[0] ?? [];
  let depth = first.length;
  for (const path of paths) {
    let same = 0;
    while (same < depth && path[same]?.name === first[same]?.name) same++;
    depth = same;
  }
  return depth;
}

interface Context {
  readonly shared: number;
  readonly holds: ReadonlySet<string>;
  readonly archiveRoots: ReadonlySet<string>;
}

const prefix = (path: readonly Reading[], depth: number): string =>
  path
    .slice(0, depth + 1)
    .map(({ name }) => name)
    .join('/');

/**
 * Label folders that hold photos and labels alike (`semantic/images`, `semantic/masks`) are names of a set, not of a role,
 * unless photos lie elsewhere: then the pictures below them are renderings.
 */
function containersIn(readings: ReadonlyMap<string, readonly Reading[]>, shared: number): ReadonlySet<string> {
  const photosBelow = new Set<string>();
  const labelsBelow = new Set<string>();
  let hasPhotosElsewhere = false;
  for (const path of readings.values()) {
    const labels = path.findIndex(({ meaning }, depth) => depth >= shared && meaning === 'labels');
    if (labels < 0) {
      hasPhotosElsewhere ||= path.some(({ meaning }, depth) => depth >= shared && meaning === 'photos');
      continue;
    }
    for (const { meaning } of path.slice(labels + 1)) {
      if (meaning === 'photos') photosBelow.add(prefix(path, labels));
      if (meaning === 'labels') labelsBelow.add(prefix(path, labels));
    }
  }
  if (hasPhotosElsewhere) return new Set();
  return new Set([...photosBelow].filter((path) => labelsBelow.has(path)));
}

/** Where the role of a path is told: its first label folder, else its last folder of photos or of what is not used. */
function roleDepth(path: readonly Reading[], from: number, holds: ReadonlySet<string>): number {
  const labels = path.findIndex(
    ({ meaning }, depth) => depth >= from && meaning === 'labels' && !holds.has(prefix(path, depth)),
  );
  if (labels >= 0) return labels;
  return path.findLastIndex(({ meaning }, depth) => depth >= from && meaning !== null && meaning !== 'labels');
}

function folderOf(readings: readonly Reading[], { shared, holds, archiveRoots }: Context): Folder {
  // The shared beginning decides only where nothing below it does: a drop may be the folder images/ alone.
  const below = roleDepth(readings, shared, holds);
  const at = below >= 0 ? below : roleDepth(readings.slice(0, shared), 0, holds);
  const meaning = readings[at]?.meaning ?? null;
  const isUnusedBelow = readings.some((reading, depth) => depth > at && at >= 0 && reading.meaning === 'unused');
  const places: Place[] = [];
  const rendering: string[] = [];
  let isColour = false;
  readings.forEach((reading, depth) => {
    if (depth < shared) return;
    if (meaning === 'labels') {
      const isBelow = depth >= at;
      const tellsApart = (isBelow && reading.isRendering) || VERSION.test(reading.name);
      if (isBelow) isColour ||= reading.isColour;
      if (depth === at || tellsApart) rendering.push(reading.name);
      if (depth !== at && tellsApart) return;
    }
    if (reading.rest === '') return;
    const isArchive = archiveRoots.has(prefix(readings, depth));
    const isRoot = depth === 0 && shared === 0;
    places.push({ name: comparable(reading.rest), isContainer: reading.isContainer || isArchive || isRoot, isArchive });
  });
  return {
    meaning: isUnusedBelow ? 'unused' : meaning,
    part: partOf(readings, shared),
    places,
    rendering: rendering.join('/'),
    isColour,
  };
}

/** The innermost folder that names a part; never the drop's own name. */
function partOf(readings: readonly Reading[], shared: number): string {
  const own = shared > 0 ? 1 : 0;
  return readings.findLast(({ part }, depth) => depth >= own && part !== undefined)?.part ?? '';
}
