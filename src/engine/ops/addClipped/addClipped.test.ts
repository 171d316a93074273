import { at, build, shape4 } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import { addClipped } from './addClipped.ts';
import { info } from './info.ts';

type Shape = readonly [number, number, number, number];
// Values are drawn from [-1, 1], so that about a tenth of the sums lies beyond.
const LIMIT = 1.1;

const cases: readonly [string, Shape, changed: number][] = [
  ['one value', [1, 1, 1, 1], 1],
  ['colours before noise', [2, 5, 7, 4], 3],
  ['all channels', [1, 9, 8, 3], 3],
  ['of 19 channels one', [2, 3, 3, 19], 1],
];

describeOp<'x' | 'change'>({
  name: 'addClipped',
  tolerance: 'elementwise',
  differentiable: ['x', 'change'],
  cases: cases.map(([name, x, changed]) => ({
    name,
    inputs: { x, change: [x[0], x[1], x[2], changed] },
    run: (t) => addClipped(t.x, t.change, LIMIT),
    reference: (a) =>
      build(shape4(a.change), (...place) =>
        Math.min(LIMIT, Math.max(-LIMIT, at(a.x, ...place) + at(a.change, ...place))),
      ),
  })),
  refuses: {
    'more change than there are channels': () => addClipped(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 2, 3]), 1),
    'a change of another size': () => addClipped(tf.zeros([1, 2, 2, 3]), tf.zeros([1, 2, 3, 3]), 1),
  },
});

itCosts(
  info,
  [
    [2, 5, 6, 4],
    [2, 5, 6, 3],
  ],
  ([x, change]) => addClipped(x, change, LIMIT),
);
