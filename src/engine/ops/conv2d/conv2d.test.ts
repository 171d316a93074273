import { describeOp } from '../../../testing/opContract.ts';
import * as tf from '../../tf.ts';
import type { FusedActivation } from '../core/fusedActivation.ts';
import { type ConvGeometry, resolveConv, sides } from '../core/geometry.ts';
import { reflectPadReference } from '../reflectPad/reflectPad.reference.ts';
import { conv2dReference } from './conv2d.reference.ts';
import { conv2d } from './conv2d.ts';

type Shape = readonly [number, number, number, number];

const cases: readonly [string, Shape, Shape, ConvGeometry][] = [
  ['one pixel', [1, 1, 1, 1], [1, 1, 1, 1], {}],
  ['1x1', [2, 5, 3, 19], [1, 1, 19, 3], {}],
  ['3x3', [2, 7, 5, 3], [3, 3, 3, 5], { padding: 1 }],
  ['stride 2', [2, 8, 7, 3], [3, 3, 3, 4], { stride: 2, padding: 1 }],
  ['4x4 stride 2', [1, 9, 10, 1], [4, 4, 1, 3], { stride: 2, padding: 1 }],
  ['7x7 stride 2', [1, 11, 9, 3], [7, 7, 3, 2], { stride: 2, padding: 3 }],
  ['dilation 2', [2, 7, 6, 3], [3, 3, 3, 4], { dilation: 2, padding: 2 }],
  ['dilation beyond the border', [1, 5, 4, 2], [3, 3, 2, 3], { dilation: 6, padding: 6 }],
  ['stride 2 and dilation 2', [1, 9, 8, 2], [3, 3, 2, 3], { stride: 2, dilation: 2, padding: 2 }],
  [
    'uneven everything',
    [1, 9, 8, 2],
    [2, 3, 2, 3],
    { stride: [2, 1], padding: { top: 0, bottom: 2, left: 1, right: 0 } },
  ],
  [
    'uneven dilation',
    [1, 6, 7, 2],
    [3, 2, 2, 3],
    { dilation: [1, 3], padding: { top: 1, bottom: 0, left: 2, right: 1 } },
  ],
  ['padding wider than the kernel', [1, 4, 5, 2], [1, 3, 2, 2], { padding: 2 }],
  ['rows that no window reaches', [1, 8, 8, 1], [2, 2, 1, 1], { stride: 3 }],
];

/** With an activation: channels in fours and not, one pixel, a slope of 0 that is no ReLU by name. */
const activations: readonly [FusedActivation, below: number, Shape, Shape, ConvGeometry][] = [
  ['relu', 0, [1, 1, 1, 1], [1, 1, 1, 3], {}],
  ['relu', 0, [2, 5, 7, 3], [3, 3, 3, 19], { padding: 1 }],
  [{ leaky: 0.2 }, 0.2, [2, 6, 5, 4], [4, 4, 4, 8], { padding: 1, stride: 2 }],
  [{ leaky: 0 }, 0, [1, 4, 3, 3], [1, 1, 3, 5], {}],
];

describeOp({
  name: 'conv2d',
  tolerance: 'sum',
  differentiable: ['x', 'filter', 'bias'],
  cases: [
    ...cases.map(([name, x, filter, geometry]) => ({
      name,
      inputs: { x, filter, bias: [filter[3]] },
      run: (t: Record<'x' | 'filter' | 'bias', never>) => conv2d(t.x, t.filter, { ...geometry, bias: t.bias }),
      reference: (a: Record<'x' | 'filter' | 'bias', Parameters<typeof conv2dReference>[0]>) => {
        const y = conv2dReference(a.x, a.filter, resolveConv(geometry));
        return { shape: y.shape, data: y.data.map((value, k) => value + a.bias.data[k % filter[3]]!) };
      },
    })),
    ...activations.map(([activation, below, x, filter, geometry], i) => ({
      name: `activation ${i}, ${below} below 0`,
      inputs: { x, filter, bias: [filter[3]] },
      run: (t: Record<'x' | 'filter' | 'bias', never>) =>
        conv2d(t.x, t.filter, { ...geometry, activation, bias: t.bias }),
      reference: (a: Record<'x' | 'filter' | 'bias', Parameters<typeof conv2dReference>[0]>) => {
        const y = conv2dReference(a.x, a.filter, resolveConv(geometry));
        const sums = y.data.map((value, k) => value + a.bias.data[k % filter[3]]!);
        return { shape: y.shape, data: sums.map((sum) => (sum > 0 ? sum : below * sum)) };
      },
    })),
    {
      name: 'reflection',
      inputs: { x: [1, 5, 6, 2], filter: [3, 3, 2, 3], bias: [3] },
      run: (t) =>
        conv2d(t.x, t.filter, {
          padding: 1,
          padMode: 'reflect',
          bias: t.bias,
        }),
      reference: (a) => {
        const y = conv2dReference(reflectPadReference(a.x, sides(1)), a.filter, resolveConv({}));
        return { shape: y.shape, data: y.data.map((value, k) => value + a.bias.data[k % 3]!) };
      },
    },
  ],
  refuses: {
    'channels that differ': () => conv2d(tf.zeros([1, 4, 4, 3]), tf.zeros([3, 3, 2, 4])),
    'a kernel that does not fit': () => conv2d(tf.zeros([1, 2, 2, 1]), tf.zeros([3, 3, 1, 1])),
    'a bias of another length': () => conv2d(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 1, 1, 2]), { bias: tf.zeros([3]) }),
    'an activation that falls': () =>
      conv2d(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 1, 1, 2]), { activation: { leaky: -0.1 } }),
    'a stride of 0': () => conv2d(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 1, 1, 2]), { stride: 0 }),
  },
});
