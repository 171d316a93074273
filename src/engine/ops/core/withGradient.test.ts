import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { withGradient } from './withGradient.ts';

describe('withGradient', () => {
  it('hands the gradient what was kept, by name, also where nothing was', async () => {
    const product = (x: tf.Tensor, y: tf.Tensor, extra: tf.Tensor | null): tf.Tensor =>
      withGradient(
        [x, y],
        () => ({ value: tf.mul(x, y), kept: { y, extra, x } }),
        (dy, { x, y, extra }) => [tf.mul(dy, y), extra === null ? tf.mul(dy, x) : extra],
      );
    const [x, y] = [tf.tensor1d([2, 3]), tf.tensor1d([5, 7])];
    const flat = (extra: tf.Tensor | null) => () => tf.concat(tf.grads((x, y) => product(x, y, extra))([x, y]));
    expect(await valuesOf(flat(null))).toEqual([5, 7, 2, 3]);
    expect(await valuesOf(flat(tf.tensor1d([1, 9])))).toEqual([5, 7, 1, 9]);
  });

  it('needs to keep nothing', async () => {
    const twice = (x: tf.Tensor): tf.Tensor =>
      withGradient(
        [x],
        () => ({ value: tf.mul(x, 2) }),
        (dy) => tf.mul(dy, 3),
      );
    expect(await valuesOf(() => tf.grad(twice)(tf.tensor1d([1, 1])))).toEqual([3, 3]);
  });
});
