// Paths must look the same whichever way the files came in: pairing depends on them.
import { expect, test } from 'vitest';
import { canPickDirectory, droppedFilesOf, listDrop, pickDirectory } from './droppedFiles.ts';

const file = (name: string, extra: object = {}): File => Object.assign(new File(['abc'], name), extra);

test('paths come from the folder structure, however the browser tells it', async () => {
  const files = droppedFilesOf([
    file('a.png', { webkitRelativePath: 'city/images/a.png' }),
    file('b.png', { webkitRelativePath: './city/images/b.png' }),
    file('d.png'),
    file('e.png', { webkitRelativePath: '..hidden/e.png' }),
  ]);
  expect(files.map(({ path }) => path)).toEqual(['city/images/a.png', 'city/images/b.png', 'd.png', '..hidden/e.png']);
  expect((await files[0]!.open?.())?.size).toBe(3);
});

interface Tree {
  readonly [name: string]: Tree | File | 'unreadable';
}
const isFolder = (node: Tree[string]): node is Tree => typeof node === 'object' && !(node instanceof File);
const DENIED = new DOMException('No.', 'NotReadableError');

/** A dropped entry, as browsers have them: a hundred children at a time. */
function entryOf(name: string, node: Tree[string], above = ''): object {
  const fullPath = `${above}/${name}`;
  if (!isFolder(node)) {
    return {
      fullPath,
      isDirectory: name.endsWith('.dir'),
      file: (done: (file: File) => void, failed: (error: unknown) => void) =>
        node instanceof File ? done(node) : failed(DENIED),
      createReader: () => ({ readEntries: (_done: unknown, failed: (error: unknown) => void) => failed(DENIED) }),
    };
  }
  const children = Object.entries(node);
  return {
    fullPath,
    isDirectory: true,
    createReader: () => ({
      readEntries: (done: (entries: object[]) => void) =>
        done(children.splice(0, 100).map(([child, below]) => entryOf(child, below, fullPath))),
    }),
  };
}
const itemOf = (name: string, node: Tree[string]) =>
  ({ kind: 'file', webkitGetAsEntry: () => entryOf(name, node), getAsFile: () => null }) as unknown as DataTransferItem;

function handleOf(name: string, node: Tree[string]): object {
  if (!isFolder(node)) {
    const refuse = () => Promise.reject(DENIED);
    return name.endsWith('.dir')
      ? { name, kind: 'directory', values: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) }) }
      : { name, kind: 'file', getFile: () => (node instanceof File ? Promise.resolve(node) : refuse()) };
  }
  return {
    name,
    kind: 'directory',
    async *values() {
      for (const [child, below] of Object.entries(node)) yield handleOf(child, below);
    },
  };
}

const CITY: Tree = {
  images: Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`${i}.png`, file(`${i}.png`)])),
  'locked.dir': 'unreadable',
  'gone.png': 'unreadable',
};

test.each([
  ['dropped', () => listDrop([itemOf('city', CITY)])],
  ['picked', () => pickDirectory({ showDirectoryPicker: async () => handleOf('city', CITY) as never })],
])('a folder that is %s is listed to its end, with what cannot be read', async (_, list) => {
  const files = (await list()) ?? [];
  expect(files).toHaveLength(232);
  expect(files.filter(({ open }) => open === null).map(({ path }) => path)).toEqual(['city/locked.dir/']);
  const openAt = (path: string) => files.find((each) => each.path === path)?.open?.();
  expect(await openAt('city/images/229.png')).toBeInstanceOf(File);
  await expect(openAt('city/gone.png')).rejects.toThrow('No.');
});

test('files that are dropped without a folder keep their names', async () => {
  const loose = { kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => file('a.zip') };
  const text = { kind: 'string', webkitGetAsEntry: () => null, getAsFile: () => null };
  const files = await listDrop([loose, text, itemOf('b.zip', file('b.zip'))] as unknown as DataTransferItem[]);
  expect(files.map(({ path }) => path)).toEqual(['a.zip', 'b.zip']);
});

test('closing the folder picker is not an error', async () => {
  const scope = {
    showDirectoryPicker: () => Promise.reject(new DOMException('The user aborted a request.', 'AbortError')),
  };
  expect(canPickDirectory(scope)).toBe(true);
  expect(await pickDirectory(scope)).toBeNull();
});
