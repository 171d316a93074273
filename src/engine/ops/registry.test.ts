// What holds of every operation's folder: a line in the list, a test, and tests as if on a graphics card where the text asks.
import { expect, it } from 'vitest';
import type { OpInfo } from './core/opInfo.ts';
import { OPS } from './registry.ts';

const infos = import.meta.glob<OpInfo>(['./*/info.ts', '../losses/*/info.ts'], { eager: true, import: 'info' });
const paths = Object.keys(import.meta.glob(['./*/**/*.ts', '../losses/*/**/*.ts']));
const folderOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('..') ? 3 : 2)
    .join('/');
const folders = [...new Set(paths.map(folderOf))].filter((folder) => !folder.endsWith('/core'));

it('lists every folder but those that operations share', () => {
  expect(OPS).toHaveLength(folders.length);
  for (const [path, { name }] of Object.entries(infos)) expect(folderOf(path).split('/').at(-1)).toBe(name);
});

it.each(OPS)('$name is told in a line', ({ summary }) => {
  expect(summary).toMatch(/^[^\n]{10,130}\.$/);
});
