import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { withoutGradient } from './withoutGradient.ts';

describe('withoutGradient', () => {
  it('hides a path from the tape, also through operations without gradient', async () => {
    const values = await valuesOf(() =>
      tf.grad((x) =>
        tf.sum(
          tf.mul(
            x,
            withoutGradient(() => tf.cast(tf.greater(x, 0), 'float32')),
          ),
        ),
      )(tf.tensor1d([-2, 3])),
    );
    expect(values).toEqual([0, 1]);
  });
});
