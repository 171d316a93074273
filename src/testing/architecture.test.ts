// What neither the type checker nor the boundary rules see: forbidden calls, file sizes, head comments, and a map that is true.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /\/testing\//.test(path);
const product = files.filter((path) => !isTest(path));
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const codeOf = (path: string) => textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

/** Longer than a sitting, each with its reason. */
const LONG_FILES: Record<string, string> = {};

test('sees the code', () => {
  expect(files.length).toBeGreaterThan(40);
});

describe.each([
  {
    rooms: ['src/engine', 'src/data'],
    forbidden: /\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)/,
    why: 'every random and time value is passed in',
  },
  {
    rooms: ['src'],
    forbidden: /\b(dataSync|arraySync|readSync)\(|fromPixels\(/,
    why: 'no synchronous read-back, no canvas decoding of labels',
  },
  {
    rooms: ['src/data', 'src/session/importing', 'src/session/storage'],
    forbidden: /\b(push|unshift|Math\.max|Math\.min)\((\w+, )?\.\.\./,
    why: 'a list of files may be longer than a call has room for',
  },
  {
    rooms: ['src'],
    forbidden: /@ts-(ignore|nocheck|expect-error)|eslint-disable|\bas any\b/,
    why: 'the compiler is not argued with',
  },
])('$why', ({ rooms, forbidden }) => {
  test.each(product.filter((path) => rooms.some((room) => path.startsWith(`${room}/`))))('%s', (path) => {
    expect(codeOf(path)).not.toMatch(forbidden);
  });
});

test.each(files)('%s can be read at a sitting', (path) => {
  const lines = textOf(path).split('\n').length;
  expect(lines, LONG_FILES[path] ?? 'split it').toBeLessThanOrEqual(path in LONG_FILES ? 700 : 400);
});

test.each(product)('%s says what it is for', (path) => {
  expect(textOf(path)).toMatch(/^(\/\/|\/\*)/);
});

test('the map names every room', () => {
  const map = textOf('docs/ARCHITECTURE.md');
  const rooms = new Set(
    product
      .filter((path) => path.split('/').length > 2)
      .map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('src/hosts/') ? 3 : 2)
          .join('/'),
      ),
  );
  for (const room of rooms) expect(map).toContain(`\`${room}\``);
});

test('no machine path and no real address leaks into the tree', () => {
  for (const path of product)
    expect(codeOf(path), path).not.toMatch(/['"`](\/home\/|\/root\/|\/work\/|https?:\/\/(?!localhost|www\.w3\.org))/);
});
