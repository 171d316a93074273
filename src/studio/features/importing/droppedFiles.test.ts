// Paths must look the same whichever way the files came in: pairing depends on them.
import { expect, test } from 'vitest';
import { canPickDirectory, droppedFilesOf, pickDirectory } from './droppedFiles.ts';

const file = (name: string, extra: object): File => Object.assign(new File(['abc'], name), extra);

test('paths come from the folder structure, however the browser tells it', () => {
  const files = droppedFilesOf([
    file('a.png', { path: './city/images/a.png' }),
    file('b.png', { path: '/city/images/b.png' }),
    file('c.zip', { path: 'c.zip' }),
    file('d.png', {}),
    file('e.png', { path: '..hidden/e.png' }),
  ]);
  expect(files.map(({ path }) => path)).toEqual([
    'city/images/a.png',
    'city/images/b.png',
    'c.zip',
    'd.png',
    '..hidden/e.png',
  ]);
  expect(files[0]!.sizeBytes).toBe(3);
});

test('closing the folder picker is not an error', async () => {
  const scope = {
    showDirectoryPicker: () => Promise.reject(new DOMException('The user aborted a request.', 'AbortError')),
  };
  expect(canPickDirectory(scope)).toBe(true);
  expect(await pickDirectory(scope)).toBeNull();
});
