// What bias and activation of a convolution cost.
import { expect, it } from 'vitest';
import { dispatchesOf, filled } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import type { FusedActivation } from '../core/fusedActivation.ts';
import { conv2d } from './conv2d.ts';

const MAP = [2, 5, 6, 4] as const;

it('conv2d: bias and activation in the convolution, one dispatch more for their gradient', () => {
  const [x, filter, bias, dy] = [filled(MAP), filled([3, 3, 4, 4]), filled([4]), filled(MAP)];
  const convolve =
    (activation: FusedActivation) =>
    (x: tf.Tensor): tf.Tensor =>
      conv2d(x as tf.Tensor4D, filter as tf.Tensor as tf.Tensor4D, {
        padding: 1,
        bias: bias as tf.Tensor as tf.Tensor1D,
        activation,
      });
  const [plain, rectifying] = [convolve('none'), convolve({ leaky: 0.2 })];
  expect(dispatchesOf(() => rectifying(x))).toBe(1);
  const back = (run: (x: tf.Tensor) => tf.Tensor): number => dispatchesOf(() => tf.grad(run)(x, dy));
  expect(back(rectifying)).toBe(back(plain) + 1);
  tf.dispose([x, filter, bias, dy]);
});
