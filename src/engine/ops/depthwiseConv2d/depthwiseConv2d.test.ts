import { describeOp } from '../../../testing/opContract.ts';
import * as tf from '../../tf.ts';
import { type ConvGeometry, resolveConv } from '../core/geometry.ts';
import { depthwiseConv2dReference } from './depthwiseConv2d.reference.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';

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
    run: (t) => depthwiseConv2d(t.x, t.filter, geometry),
    reference: (a) => depthwiseConv2dReference(a.x, a.filter, resolveConv(geometry)),
  })),
  refuses: { 'channels that differ': () => depthwiseConv2d(tf.zeros([1, 4, 4, 3]), tf.zeros([3, 3, 2, 1])) },
});
