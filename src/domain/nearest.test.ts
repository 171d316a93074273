// What is suggested for a slip, and that nothing is for a word that is near to nothing.
import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

test.each([
  ['lerningRate', 'learningRate'],
  ['learnignRate', 'learningRate'],
  ['LEARNINGRATE', 'learningRate'],
  ['stpes', 'steps'],
  ['evaluate', 'evaluate-every'],
  ['q', null],
  ['nothing-like-it', null],
  ['', null],
])('%s: %s', (word, meant) => {
  expect(nearest(word, ['batchSize', 'learningRate', 'steps', 'evaluate-every'])).toBe(meant);
});

test('the question is for an advice', () => {
  expect(didYouMean('lit', ['lite'])).toBe('Did you mean "lite"? ');
  expect(didYouMean('other', ['lite'])).toBe('');
});
