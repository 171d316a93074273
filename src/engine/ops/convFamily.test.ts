// Depthwise and transposed convolution, and reflection padding.
import { describeOp } from '../../testing/opContract.ts';
import * as tf from '../tf.ts';
import { convTranspose2dReference } from './convTranspose2d/convTranspose2d.reference.ts';
import { convTranspose2d } from './convTranspose2d/convTranspose2d.ts';
import { type ConvGeometry, type Padding, type PerAxis, perAxis, resolveConv, sides } from './core/geometry.ts';
import { depthwiseConv2dReference } from './depthwiseConv2d/depthwiseConv2d.reference.ts';
import { depthwiseConv2d } from './depthwiseConv2d/depthwiseConv2d.ts';
import { reflectPadReference } from './reflectPad/reflectPad.reference.ts';
import { reflectPad } from './reflectPad/reflectPad.ts';

type Shape = readonly [number, number, number, number];

const depthwise: readonly [string, Shape, Shape, ConvGeometry][] = [
  ['one pixel', [1, 1, 1, 1], [1, 1, 1, 1], {}],
  ['3x3', [2, 5, 4, 19], [3, 3, 19, 1], { padding: 1 }],
  ['stride 2, multiplier 2', [1, 7, 6, 3], [3, 3, 3, 2], { stride: 2, padding: 1 }],
  ['dilation 3, multiplier 2', [1, 6, 7, 2], [3, 3, 2, 2], { dilation: 3, padding: 3 }],
  ['stride 2 and dilation 2', [1, 9, 7, 2], [3, 3, 2, 1], { stride: 2, dilation: 2, padding: 2 }],
  ['uneven', [1, 6, 7, 2], [2, 3, 2, 1], { stride: [1, 2], padding: { top: 1, bottom: 0, left: 0, right: 2 } }],
];

describeOp<'x' | 'filter'>({
  name: 'depthwiseConv2d',
  tolerance: 'sum',
  differentiable: ['x', 'filter'],
  cases: depthwise.map(([name, x, filter, geometry]) => ({
    name,
    inputs: { x, filter },
    run: (t) => depthwiseConv2d(t.x as tf.Tensor4D, t.filter as tf.Tensor4D, geometry),
    reference: (a) => depthwiseConv2dReference(a.x, a.filter, resolveConv(geometry)),
  })),
  refuses: { 'channels that differ': () => depthwiseConv2d(tf.zeros([1, 4, 4, 3]), tf.zeros([3, 3, 2, 1])) },
});

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
    run: (t) => convTranspose2d(t.x as tf.Tensor4D, t.filter as tf.Tensor4D, { stride, padding, outputPadding }),
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

const reflections: readonly [string, Shape, Padding][] = [
  ['1 on every side', [1, 2, 2, 1], 1],
  ['3 on every side', [2, 5, 4, 3], 3],
  ['uneven', [1, 4, 5, 19], { top: 3, bottom: 0, left: 1, right: 2 }],
];

describeOp<'x'>({
  name: 'reflectPad',
  tolerance: 'elementwise',
  differentiable: ['x'],
  cases: reflections.map(([name, x, padding]) => ({
    name,
    inputs: { x },
    run: (t) => reflectPad(t.x as tf.Tensor4D, padding),
    reference: (a) => reflectPadReference(a.x, sides(padding)),
  })),
  refuses: { 'padding as wide as the map': () => reflectPad(tf.zeros([1, 3, 3, 1]), 3) },
});
