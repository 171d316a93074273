// Turns what browsers hand over (drops, inputs, directory handles) into one list of files with paths. What cannot be read
// is listed with nothing to open it, a folder with a slash at its end: the worker makes findings of them. No file is opened here.
import type { PageFile } from '../../stores/dropDoor.ts';

/** Paths of an input's files keep the folder structure, with forward slashes and no leading `./`. */
export function droppedFilesOf(files: Iterable<File>): readonly PageFile[] {
  return Array.from(files, (file) => fileAt(file.webkitRelativePath || file.name, async () => file));
}

function fileAt(path: string, open: () => Promise<File>): PageFile {
  return { path: path.replaceAll('\\', '/').replace(/^(\.?\/)+/, ''), open };
}

/** A file or a folder that has not been looked at. */
interface Place {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  file(): Promise<File>;
  children(): Promise<readonly Place[]>;
}

/** Folders that are listed at once. */
const AT_ONCE = 100;

/** Everything below `roots`, level by level. Fails for nothing that a disk can do. */
async function listAll(roots: readonly Place[]): Promise<readonly PageFile[]> {
  const found: PageFile[] = [];
  for (let level = roots; level.length > 0; ) {
    const below: Place[] = [];
    for (let from = 0; from < level.length; from += AT_ONCE) {
      for (const looked of await Promise.all(level.slice(from, from + AT_ONCE).map(look))) {
        if ('open' in looked) found.push(looked);
        else for (const place of looked) below.push(place);
      }
    }
    level = below;
  }
  return found;
}

async function look(place: Place): Promise<PageFile | readonly Place[]> {
  if (place.kind === 'file') return fileAt(place.path, () => place.file());
  try {
    return await place.children();
  } catch {
    return { path: `${place.path}/`, open: null };
  }
}

/** Lists what was dropped. Must be called within the event: its items are gone afterwards. */
export function listDrop(items: Iterable<DataTransferItem>): Promise<readonly PageFile[]> {
  const places: Place[] = [];
  for (const item of items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (entry !== null) places.push(placeOfEntry(entry));
    else if (file !== null) places.push(placeOfFile(file));
  }
  return listAll(places);
}

const nothing = async (): Promise<readonly Place[]> => [];
const placeOfFile = (file: File): Place => ({
  path: file.name,
  kind: 'file',
  file: async () => file,
  children: nothing,
});

function placeOfEntry(entry: FileSystemEntry): Place {
  const path = entry.fullPath.replace(/^\/+/, '');
  return {
    path,
    kind: entry.isDirectory ? 'folder' : 'file',
    file: () => new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    async children() {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      const places: Place[] = [];
      // A reader gives a hundred or so at a time, and none when there are no more.
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) return places;
        for (const one of some) places.push(placeOfEntry(one));
      }
    },
  };
}

interface DirectoryWindow {
  showDirectoryPicker(options: { mode: 'read' }): Promise<FileSystemDirectoryHandle>;
}

export function canPickDirectory(scope: object): scope is DirectoryWindow {
  return 'showDirectoryPicker' in scope;
}

/** Asks for a folder and lists it, however deep. Null if the person changed their mind. */
export async function pickDirectory(scope: DirectoryWindow): Promise<readonly PageFile[] | null> {
  let root: FileSystemDirectoryHandle;
  try {
    root = await scope.showDirectoryPicker({ mode: 'read' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  return listAll([placeOfHandle(root, root.name)]);
}

function placeOfHandle(handle: FileSystemHandle, path: string): Place {
  return {
    path,
    kind: handle.kind === 'directory' ? 'folder' : 'file',
    file: () => (handle as FileSystemFileHandle).getFile(),
    async children() {
      const places: Place[] = [];
      for await (const child of (handle as FileSystemDirectoryHandle).values()) {
        places.push(placeOfHandle(child, `${path}/${child.name}`));
      }
      return places;
    },
  };
}
