// Which photos are meant, where a drop holds several sets of them: two datasets in one folder, or renderings of the same frames
// (fog of three densities). Each set is named, with a glob that picks it and nothing else.
import type { FileSet } from '../../../domain/importing.ts';

/** More are no question that anybody could answer. */
const MOST_SETS = 12;

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const escaped = (path: string): string => path.replaceAll(/[\\*?[\]{}()!+@|,]/g, '\\$&');

/**
 * One set for each group of photos, by the topmost folders that hold nothing else. Null where a group shares its folders with
 * other files: then no glob of folders tells it apart.
 */
export function setsByFolder(
  groups: readonly (readonly string[])[],
  files: readonly string[],
): readonly FileSet[] | null {
  if (groups.length < 2 || groups.length > MOST_SETS) return null;
  const ownerOf = new Map(groups.flatMap((group, owner) => group.map((path) => [path, owner] as const)));
  /** Group of all files below a folder; -1 where they are not of one. */
  const owners = new Map<string, number>();
  for (const path of files) {
    const owner = ownerOf.get(path) ?? -1;
    for (let folder = folderOf(path); ; folder = folderOf(folder)) {
      const known = owners.get(folder);
      owners.set(folder, known === undefined || known === owner ? owner : -1);
      if (folder === '') break;
    }
  }
  const sets: FileSet[] = [];
  for (const [owner, group] of groups.entries()) {
    const roots = new Set<string>();
    for (const path of group) {
      let folder = folderOf(path);
      if (owners.get(folder) !== owner) return null;
      while (folder !== '' && owners.get(folderOf(folder)) === owner) folder = folderOf(folder);
      roots.add(folder);
    }
    const names = [...roots].sort();
    const glob = names.length === 1 ? escaped(names[0] ?? '') : `{${names.map(escaped).join(',')}}`;
    sets.push({ name: names.join(', '), glob: `${glob}/**` });
  }
  return sets;
}

/** One set for each of the endings by which renderings of the same frames differ. Null where one has none. */
export function setsByEnding(endings: ReadonlySet<string>): readonly FileSet[] | null {
  if (endings.size < 2 || endings.size > MOST_SETS || endings.has('')) return null;
  return [...endings].sort().map((name) => ({ name, glob: `**/*${escaped(name)}.*` }));
}

/** Which group a path belongs to by the first folder that no two groups share; null where there is no such folder. */
export function apart(groups: readonly (readonly string[])[]): ((path: string) => number | undefined) | null {
  const folders = groups.map((group) => group.map((path) => folderOf(path).split('/')));
  const deepest = folders.flat().reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
  for (let depth = 1; depth <= deepest; depth++) {
    const beginning = (parts: readonly string[]): string => parts.slice(0, depth).join('/');
    const owners = new Map<string, number>();
    const isClean = folders.every((group, owner) =>
      group.every((parts) => {
        const known = owners.get(beginning(parts));
        owners.set(beginning(parts), owner);
        return known === undefined || known === owner;
      }),
    );
    if (isClean) return (path) => owners.get(beginning(folderOf(path).split('/')));
  }
  return null;
}
