// Text files in the encodings that editors save them in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJson, readText } from './textFile.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'text-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = '{"name": "Straße 도로"}\n';
const utf16le = Buffer.from(TEXT, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();
test.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['UTF-16 LE with a mark', Buffer.concat([Buffer.of(0xff, 0xfe), utf16le])],
  ['UTF-16 BE with a mark', Buffer.concat([Buffer.of(0xfe, 0xff), utf16be])],
  ['UTF-16 LE without', utf16le],
  ['UTF-16 BE without', utf16be],
])('%s is read', async (name, bytes) => {
  writeFileSync(at(name), bytes);
  expect(await readText(at(name))).toBe(TEXT);
  expect(await readJson(at(name))).toEqual({ name: 'Straße 도로' });
});

test.each([
  ['broken', '{"a": 1,\n}', 'config.invalid', { line: 2, column: 1 }],
  ['Latin 1', Buffer.from('{"a": "é"}', 'latin1'), 'config.invalid', {}],
  ['nothing', '', 'config.invalid', { line: 1, column: 1 }],
])('%s is refused', async (name, contents, code, context) => {
  writeFileSync(at(name), contents);
  await expect(readJson(at(name))).rejects.toMatchObject({ code, context: { key: at(name), ...context } });
});

test('a missing file and a folder are not found', async () => {
  await expect(readText(at('missing'))).rejects.toMatchObject({ code: 'data.not-found' });
  await expect(readText(folder)).rejects.toMatchObject({ code: 'data.not-found' });
});
