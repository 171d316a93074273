import { describe, expect, it } from 'vitest';
import { bareRecipe, mergeRecipes, type Recipe, type Stage, stageKeys, stepsBefore, stepsOf } from './recipe.ts';

const train = (id: string, changes: Partial<Extract<Stage, { kind: 'train' }>> = {}): Stage => ({
  kind: 'train',
  id,
  method: 'm',
  params: { a: 1, b: 2 },
  steps: 10,
  ...changes,
});
const recipe = (id: string, ...stages: Stage[]): Recipe => ({ schemaVersion: 1, id, stages });
const from = (stage: string) => ({ start: { net: { stage, role: 'net' } } });

describe('the steps of a recipe', () => {
  it('are those of its training stages', () => {
    const translate: Stage = { kind: 'translate', id: 't', translator: { stage: 'a', role: 'net' } };
    const three = recipe('r', train('a'), translate, train('b', { steps: 5 }));
    expect([0, 1, 2, 3].map((index) => stepsBefore(three, index))).toEqual([0, 10, 10, 15]);
    expect(stepsOf(three)).toBe(15);
    expect(stepsOf(bareRecipe('m', {}, 7))).toBe(7);
  });
});

describe('the key of a stage', () => {
  const keyOf = (stage: Stage, ...earlier: Stage[]) => stageKeys(recipe('r', ...earlier, stage)).get(stage.id);

  it('does not depend on its name, its row, or the order of its parameters', () => {
    expect(keyOf(train('a'))).toMatch(/^[0-9a-f]{16}$/);
    expect(keyOf(train('b', { rung: 'x', params: { b: 2, a: 1 } }))).toBe(keyOf(train('a')));
  });

  it.each([
    ['a parameter', train('b', { params: { a: 1, b: 3 } })],
    ['its steps', train('b', { steps: 11 })],
    ['its labels', train('b', { labels: 3 })],
    ['its method', train('b', { method: 'n' })],
  ])('depends on %s', (_, other) => {
    expect(keyOf(other)).not.toBe(keyOf(train('a')));
  });

  it('depends on what its inputs compute, not on what they are called', () => {
    const end = (input: string) => train('end', from(input));
    expect(keyOf(end('b'), train('b'))).toBe(keyOf(end('a'), train('a')));
    expect(keyOf(end('a'), train('a', { steps: 11 }))).not.toBe(keyOf(end('a'), train('a')));
  });
});

describe('several recipes as one', () => {
  it('hold every piece of work once, fed by what was kept', () => {
    const one = recipe('one', train('a'), train('b', from('a')));
    const two = recipe('two', train('first', { rung: 'row' }), train('b', { ...from('first'), steps: 20 }));
    const merged = mergeRecipes('both', [one, two, one]);
    expect(merged.stages).toEqual([
      train('a', { rung: 'row' }),
      train('b', from('a')),
      train('b-2', { ...from('a'), steps: 20 }),
    ]);
  });
});
