// Both languages are complete, every key that the code names exists, and no text is written into a component.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import { ERROR_CODES } from '../../domain/errors.ts';
import { TEXTS, type TextTree } from './texts.ts';

function flatten(node: TextTree, path = ''): ReadonlyMap<string, string> {
  if (typeof node === 'string') return new Map([[path, node]]);
  return new Map(
    Object.entries(node).flatMap(([key, child]) => [...flatten(child, path === '' ? key : `${path}.${key}`)]),
  );
}

const english = flatten(TEXTS.en);
const korean = flatten(TEXTS.ko);
const STUDIO = join(import.meta.dirname, '..');
/** What only developers see is in English: fake scenes, the debug panel. */
const sources = readdirSync(STUDIO, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|^(testing|fake)\/|\/DebugPanel\.tsx$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(STUDIO, path), 'utf8') }));

const exists = (key: string): boolean => english.has(key) || english.has(`${key}_other`);
const placeholders = (text: string): readonly string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('the two languages', () => {
  test('have the same keys', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('have a text under every key, with the same placeholders', () => {
    for (const [key, text] of english) {
      const translated = korean.get(key) ?? '';
      expect(text.trim(), key).not.toBe('');
      expect(translated.trim(), key).not.toBe('');
      expect(placeholders(translated), key).toEqual(placeholders(text));
    }
  });

  test('are two languages: sentences are translated', () => {
    // Networks and datasets have one name everywhere.
    const same = [...english].filter(
      ([key, text]) =>
        text.includes(' ') && korean.get(key) === text && !/^(networks\..+\.name|layouts\..+)$/.test(key),
    );
    expect(same.map(([key]) => key)).toEqual([]);
  });
});

describe('keys', () => {
  test('that the code names exist', () => {
    const named = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => ({ path, key: key ?? '' })),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ key }) => !exists(key))).toEqual([]);
  });

  test('that the code builds have something to be found under', () => {
    const prefixes = sources.flatMap(({ text }) =>
      [...text.matchAll(/\bt\(\s*`([^`$]+)\.\$\{/g)].map(([, prefix]) => prefix ?? ''),
    );
    expect(prefixes.length).toBeGreaterThan(5);
    for (const prefix of prefixes) {
      expect(
        [...english.keys()].some((key) => key.startsWith(`${prefix}.`)),
        prefix,
      ).toBe(true);
    }
  });

  // Of methods, networks, recipes: src/testing/declaredTexts.test.ts.
  test('exist for everything that has an id of its own', () => {
    const required = [
      ...ERROR_CODES.flatMap((code) => [`errors.${code}.title`, `errors.${code}.advice`]),
      ...CITYSCAPES_CLASSES.map(({ name }) => `classes.${name}`),
    ];
    expect(required.filter((key) => !exists(key))).toEqual([]);
  });

  test('are all used', () => {
    const everything = sources.map(({ text }) => text).join('\n');
    // Looked up by id: the names of what the worker declares.
    const byId = /^(layouts|errors|classes|methods|networks|params|metrics|views|recipes|rungs)\./;
    const built = [...everything.matchAll(/`((?:[\w.]+\.)\$\{[^`]*)`/g)].map(
      ([, template = '']) => new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '.+')}$`),
    );
    const unused = [...english.keys()].filter((key) => {
      if (byId.test(key)) return false;
      const base = key.replace(/_(zero|one|other)$/, '');
      return !everything.includes(`'${base}'`) && !built.some((pattern) => pattern.test(base));
    });
    expect(unused).toEqual([]);
  });
});

describe('components', () => {
  const components = sources.filter(({ path }) => path.endsWith('.tsx'));

  test('hold no text between tags', () => {
    const found = components.flatMap(({ path, text }) =>
      [...text.matchAll(/>\s*([^<>{}()=;&|]*?[A-Za-z가-힣]{2,}[^<>{}()=;&|]*?)\s*<\//g)].map(
        ([, words]) => `${path}: ${words}`,
      ),
    );
    expect(found).toEqual([]);
  });

  test('hold no text in attributes that people read or hear', () => {
    const found = components.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(label|title|placeholder|description|aria-label|alt)="([^"]+)"/g)].map(
        ([, name, words]) => `${path}: ${name}="${words}"`,
      ),
    );
    expect(found).toEqual([]);
  });
});
