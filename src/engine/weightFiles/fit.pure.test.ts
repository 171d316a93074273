// Which tensors are taken for which arrays, under whatever names scripts give them.
import { describe, expect, it, test } from 'vitest';
import { fitTensors } from './fit.ts';
import { nameMismatch } from './nameMismatch.ts';
import type { WeightTensor } from './tensors.ts';

const NAMES = ['backbone.conv1.weight', 'backbone.bn1.weight', 'backbone.layer1.0.conv1.weight', 'head.weight'];
const wanted = NAMES.map((name, i) => ({ name, shape: [i + 1] }));
const tensorOf = (shape: readonly number[], dict = '', type = 'F32'): WeightTensor => {
  return { type, shape, dict, read: async () => new Float32Array(0) };
};
/** A file with the network's tensors, each name wrapped by `wrap`. */
const fileOf = (wrap: (name: string) => string, dict = ''): [string, WeightTensor][] =>
  wanted.map(({ name, shape }) => [wrap(name), tensorOf(shape, dict)]);
const fitted = (entries: [string, WeightTensor][], entry: string | null = null) => {
  const { pairs, ...fit } = fitTensors(wanted, new Map(entries), entry);
  return { ...fit, taken: Object.fromEntries(pairs.map((pair) => [pair.wanted.name, pair.name])) };
};

describe('a prefix', () => {
  it.each([
    ['_orig_mod.', ''],
    ['module.', ''],
    ['module._orig_mod.', ''],
    ['ema_model.', 'ema_model'],
    ['student.module.', 'student'],
    ['teacher.', 'teacher'],
    ['net.', 'net'],
    ['model.module.', 'model'],
    ['segmentor.', 'segmentor'],
    ['backbone.', 'backbone'],
    ['anything.at.all.', 'anything.at.all'],
  ])('%s before all names is stripped', (prefix, entry) => {
    expect(fitted(fileOf((name) => prefix + name))).toEqual({
      entry,
      others: [],
      taken: Object.fromEntries(NAMES.map((name) => [name, prefix + name])),
    });
  });

  it('within names, and one that only some have, is seen through', () => {
    const inside = fileOf((name) => name.replace(/^backbone\./, 'backbone._orig_mod.'));
    expect(Object.keys(fitted(inside).taken)).toEqual(NAMES);
    const some = fileOf((name) => (name.startsWith('head') ? name : `module.${name}`));
    expect(Object.keys(fitted(some).taken)).toEqual(NAMES);
    const parts = fileOf((name) => (name.startsWith('head') ? `model.${name}` : `wrapped.${name}`));
    expect(Object.keys(fitted(parts).taken)).toEqual(NAMES);
  });

  it('that the network has and the file has not is added', () => {
    const trunk = fileOf((name) => name.replace(/^backbone\./, '')).slice(0, 3);
    expect(Object.keys(fitted([...trunk, ['fc.weight', tensorOf([9])]]).taken)).toEqual(NAMES.slice(0, 3));
  });
});

test('what the chosen set lacks is not taken from another', () => {
  const model = fileOf((name) => `model.${name}`, 'model');
  const ema = fileOf((name) => `ema.${name}`, 'ema').slice(0, 3);
  expect(Object.keys(fitted([...model, ...ema], 'ema').taken)).toEqual(NAMES.slice(0, 3));
});

describe('of several sets that fit', () => {
  const two = (first: string, second: string, dicts = ['', '']) => [
    ...fileOf((name) => first + name, dicts[0]),
    ...fileOf((name) => second + name, dicts[1]),
  ];

  it.each([
    ['', 'ema.'],
    ['model.', 'ema_model.'],
    ['module.', 'teacher.'],
  ])('the plain name "%s" is meant beside "%s", which is told', (plain, other) => {
    const fit = fitted(two(other, plain));
    expect(fit.taken[NAMES[0]!]).toBe(plain + NAMES[0]);
    expect(fit.others).toEqual([other.slice(0, -1)]);
    expect(fitted(two(other, plain), other.slice(0, -1)).taken[NAMES[0]!]).toBe(other + NAMES[0]);
  });

  it.each([
    ['student.', 'teacher.', ['', '']],
    ['model.', 'ema.', ['model', 'ema']],
    ['state_dict.student.', 'state_dict.teacher.', ['state_dict', 'state_dict']],
    ['module.', 'ema.', ['module', 'ema']],
  ])('%s and %s are the person’s to choose from', (first, second, dicts) => {
    const labels = [first, second].map((prefix) => prefix.slice(0, -1));
    expect(() => fitted(two(first, second, dicts))).toThrow(
      expect.objectContaining({ code: 'checkpoint.ambiguous', message: expect.stringContaining(`${labels[1]} (4`) }),
    );
    for (const [i, prefix] of [first, second].entries()) {
      expect(fitted(two(first, second, dicts), labels[i]!).taken[NAMES[3]!]).toBe(prefix + NAMES[3]);
    }
    expect(() => fitted(two(first, second, dicts), 'nope')).toThrow(
      expect.objectContaining({ code: 'checkpoint.incompatible', message: expect.stringContaining(labels[0]!) }),
    );
  });
});

test('a file of something else is refused with three names of either side', () => {
  const entries: [string, WeightTensor][] = ['a.b', 'features.conv1.kernel', 'x', 'y'].map((name) => [
    name,
    tensorOf([1]),
  ]);
  expect(() => fitted(entries)).toThrow(
    expect.objectContaining({
      code: 'checkpoint.incompatible',
      message: expect.stringMatching(
        /wants backbone\.conv1\.weight \(nearest in the file: features\.conv1\.kernel\), .*and 1 more; the file has a\.b, features\.conv1\.kernel, x and 1 more/,
      ),
    }),
  );
});

test('the nearest name ends alike', () => {
  expect(nameMismatch(['head.weight'], ['head.bias', 'decode_head.weight'])).toContain(
    'nearest in the file: decode_head.weight',
  );
  expect(nameMismatch(['a'], [])).toContain('nothing else');
});
