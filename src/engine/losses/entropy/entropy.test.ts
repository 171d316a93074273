import { meanOf, scalar } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { logSoftmaxReference } from '../../ops/core/softmax.reference.ts';
import { minEntropy } from './entropy.ts';

const SHAPE = [1, 2, 3, 4] as const;
const shared = { tolerance: 'loss', refuses: {} } as const;

describeOp<'x'>({
  name: 'entropy',
  ...shared,
  differentiable: ['x'],
  range: [-6, 6],
  cases: [
    {
      name: 'minimum entropy',
      inputs: { x: SHAPE },
      run: (t) => minEntropy(t.x),
      reference: (a) =>
        scalar(4 * meanOf(logSoftmaxReference(a.x).data.map((logP) => (-Math.exp(logP) * logP) / Math.log(4)))),
    },
  ],
});
