import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import { standardiseReference } from '../groupNorm/groupNorm.reference.ts';
import { info } from './info.ts';
import { instanceNorm } from './instanceNorm.ts';

const EPSILON = 1e-5;

describeOp<'x'>({
  name: 'instanceNorm',
  tolerance: 'norm',
  differentiable: ['x'],
  cases: [[2, 4, 3, 3] as const, [1, 5, 2, 1] as const].map((x) => ({
    name: `[${x}]`,
    inputs: { x },
    run: (t) => instanceNorm(t.x),
    reference: (a) => standardiseReference(a.x, EPSILON, (n, c) => n * x[3] + c),
  })),
  refuses: { 'a scale of another length': () => instanceNorm(tf.zeros([1, 2, 2, 5]), { gamma: tf.zeros([4]) }) },
});

itCosts(
  info,
  [
    [2, 5, 6, 4],
    [2, 5, 6, 4],
  ],
  ([x, residual]) => instanceNorm(x, { residual }),
);
