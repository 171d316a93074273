// The entropy map against its formula in float64, of any shape.
import fc from 'fast-check';
import { it } from 'vitest';
import { map } from '../../../testing/ndArray.ts';
import { describeOp, expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { allValuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { logSoftmaxReference } from '../core/softmax.reference.ts';
import { entropyMap } from './entropyMap.ts';
import { info } from './info.ts';

const RUNS = 8;
const side = fc.integer({ min: 1, max: 9 });
const batch = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 0, max: 1000 });

describeOp<'x'>({
  name: 'entropyMap',
  tolerance: 'loss',
  refuses: {},
  differentiable: ['x'],
  range: [-6, 6],
  cases: [
    {
      name: 'entropy map',
      inputs: { x: [1, 2, 3, 4] },
      run: (t) => entropyMap(t.x),
      reference: (a) => map(logSoftmaxReference(a.x), (logP) => (-Math.exp(logP) * logP) / Math.log(4)),
    },
  ],
});

it('entropy maps have the value and the gradient of their formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(batch, side, side, fc.constantFrom(2, 3, 19)), seeds, async (shape, seed) => {
      const classes = shape[3];
      const logits = randomArray(`logits ${seed}`, shape, [-6, 6]);
      const upstream = randomArray(`upstream ${seed}`, shape);
      const [value, gradient] = await allValuesOf(() => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => entropyMap(x as tf.Tensor4D))(
          toTensor(logits),
          toTensor(upstream),
        );
        return [value, grad];
      });
      const logP = logSoftmaxReference(logits);
      expectClose(value!, map(logP, (l) => (-Math.exp(l) * l) / Math.log(classes)).data, 'loss');
      // d(-p log p)/dz_k = -(log p + 1) p (delta - p_k), summed over the classes with their upstream.
      const term = map(logP, (l, i) => (-(l + 1) * Math.exp(l) * upstream.data[i]!) / Math.log(classes)).data;
      const slopes = map(logP, (l, i) => {
        const first = i - (i % classes);
        const total = term.subarray(first, first + classes).reduce((sum, t) => sum + t, 0);
        return term[i]! - Math.exp(l) * total;
      });
      expectClose(gradient!, slopes.data, 'loss');
    }),
    { numRuns: RUNS },
  );
});

itCosts(info, [[2, 5, 6, 4]], ([x]) => entropyMap(x));
