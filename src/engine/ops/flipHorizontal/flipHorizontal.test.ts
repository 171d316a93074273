import { expect, it } from 'vitest';
import { valuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { flipHorizontal } from './flipHorizontal.ts';

it('mirrors all, or the chosen ones, and a second time back', async () => {
  const x = () => tf.tensor3d([1, 2, 3, 4, 5, 255], [2, 1, 3], 'int32');
  expect(await valuesOf(() => flipHorizontal(x()))).toEqual([3, 2, 1, 255, 5, 4]);
  expect(await valuesOf(() => flipHorizontal(x(), tf.tensor1d([0, 1])))).toEqual([1, 2, 3, 255, 5, 4]);
  expect(await valuesOf(() => flipHorizontal(flipHorizontal(x())))).toEqual([1, 2, 3, 4, 5, 255]);
});
