import { describeOp } from '../../../testing/opContract.ts';
import * as tf from '../../tf.ts';
import { type Padding, sides } from '../core/geometry.ts';
import { reflectPadReference } from './reflectPad.reference.ts';
import { reflectPad } from './reflectPad.ts';

type Shape = readonly [number, number, number, number];

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
    run: (t) => reflectPad(t.x, padding),
    reference: (a) => reflectPadReference(a.x, sides(padding)),
  })),
  refuses: { 'padding as wide as the map': () => reflectPad(tf.zeros([1, 3, 3, 1]), 3) },
});
