import { describeOp } from '../../../testing/opContract.ts';
import * as tf from '../../tf.ts';
import { type Padding, type PerAxis, perAxis, resolveConv } from '../core/geometry.ts';
import { convTranspose2dReference } from './convTranspose2d.reference.ts';
import { convTranspose2d } from './convTranspose2d.ts';

type Shape = readonly [number, number, number, number];

const transposed: readonly [string, Shape, Shape, PerAxis, Padding, PerAxis | 0][] = [
  ['one pixel', [1, 1, 1, 1], [1, 1, 1, 1], 1, 0, 0],
  ['3x3 stride 2 of CycleGAN', [2, 4, 5, 3], [3, 3, 2, 3], 2, 1, 1],
  ['4x4 stride 2', [1, 5, 4, 2], [4, 4, 3, 2], 2, 1, 0],
  ['stride 1', [1, 4, 5, 2], [3, 3, 1, 2], 1, 1, 0],
  ['stride 3, padding on one side', [1, 3, 4, 1], [3, 2, 19, 1], [3, 2], { top: 1, bottom: 0, left: 0, right: 1 }, 0],
];

describeOp<'x' | 'filter'>({
  name: 'convTranspose2d',
  tolerance: 'sum',
  differentiable: ['x', 'filter'],
  cases: transposed.map(([name, x, filter, stride, padding, outputPadding]) => ({
    name,
    inputs: { x, filter },
    run: (t) => convTranspose2d(t.x, t.filter, { stride, padding, outputPadding }),
    reference: (a) => {
      const extra: [number, number] = outputPadding === 0 ? [0, 0] : perAxis(outputPadding, 1);
      return convTranspose2dReference(a.x, a.filter, resolveConv({ stride, padding }), extra);
    },
  })),
  refuses: {
    'an output padding of the stride': () =>
      convTranspose2d(tf.zeros([1, 4, 4, 1]), tf.zeros([3, 3, 1, 1]), { stride: 2, outputPadding: 2 }),
  },
});
