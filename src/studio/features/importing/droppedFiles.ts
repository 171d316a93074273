// Turns what browsers hand over (drops, inputs, directory handles) into one list of files with paths.
import type { DroppedFile } from '../../../bridge/protocol.ts';

/** `path` is what react-dropzone adds to files of a dropped folder. */
type FileFromBrowser = File & { readonly path?: string };

/** Paths keep the folder structure, with forward slashes and no leading `./`. */
export function droppedFilesOf(files: Iterable<FileFromBrowser>): readonly DroppedFile[] {
  return Array.from(files, (file) => ({
    path: cleanPath(file.webkitRelativePath || file.path || file.name),
    sizeBytes: file.size,
    blob: file,
  }));
}

function cleanPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');
}

interface DirectoryWindow {
  showDirectoryPicker(options: { mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

export function canPickDirectory(scope: object): scope is DirectoryWindow {
  return 'showDirectoryPicker' in scope;
}

/** Asks for a folder and lists it, however deep. Null if the person changed their mind. */
export async function pickDirectory(scope: DirectoryWindow): Promise<readonly DroppedFile[] | null> {
  let root: FileSystemDirectoryHandle;
  try {
    root = await scope.showDirectoryPicker({ mode: 'read' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  return listDirectory(root, root.name);
}

async function listDirectory(directory: FileSystemDirectoryHandle, path: string): Promise<DroppedFile[]> {
  const found: DroppedFile[] = [];
  const folders: Promise<DroppedFile[]>[] = [];
  const files: Promise<DroppedFile>[] = [];
  for await (const entry of directory.values()) {
    const entryPath = `${path}/${entry.name}`;
    if (entry instanceof FileSystemDirectoryHandle) folders.push(listDirectory(entry, entryPath));
    else if (entry instanceof FileSystemFileHandle) files.push(readEntry(entry, entryPath));
  }
  found.push(...(await Promise.all(files)));
  for (const folder of folders) for (const file of await folder) found.push(file);
  return found;
}

async function readEntry(entry: FileSystemFileHandle, path: string): Promise<DroppedFile> {
  const file = await entry.getFile();
  return { path, sizeBytes: file.size, blob: file };
}
