import { meanOf, scalar } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { l1 } from './l1.ts';

const SHAPE = [1, 2, 3, 4] as const;
const shared = { tolerance: 'loss', refuses: {} } as const;

describeOp<'a' | 'b'>({
  name: 'l1',
  ...shared,
  differentiable: ['a', 'b'],
  range: [-3, 3],
  cases: [
    {
      name: 'l1',
      inputs: { a: SHAPE, b: SHAPE },
      run: (t) => l1(t.a, t.b),
      reference: ({ a, b }) => scalar(meanOf(a.data.map((x, k) => Math.abs(x - b.data[k]!)))),
    },
  ],
});
