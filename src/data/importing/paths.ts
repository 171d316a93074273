// Small helpers on file paths as they come from folder drops and archives: forward slashes, relative.

/** Forward slashes; no empty, `.` or `..` parts and no drive letter, so that no path leaves the folder it came in. */
export function normalisePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[A-Za-z]:$/.test(part))
    .join('/');
}

export const partsOf = (path: string): readonly string[] => path.split('/');

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Lower-case extension without the dot; empty if there is none. */
export function extensionOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** File name without folders and extension. */
export function stemOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}

/** Order by UTF-16 code units: the same on every machine, whatever its language. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What file managers and archivers leave behind. */
export function isClutter(path: string): boolean {
  return partsOf(path).some(
    (part) => part.startsWith('.') || part === '__MACOSX' || /^(thumbs\.db|desktop\.ini)$/i.test(part),
  );
}

/** The folder that all paths share at their beginning, or null. */
export function commonRoot(paths: readonly string[]): string | null {
  const root = paths[0]?.split('/')[0];
  if (root === undefined || !paths.every((path) => path.startsWith(`${root}/`))) return null;
  return root;
}
