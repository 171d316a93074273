import { describeOp } from '../../../testing/opContract.ts';
import * as tf from '../../tf.ts';
import { adaptiveAvgPool } from './adaptiveAvgPool.ts';
import { averageReference } from './avgPool.reference.ts';
import { avgPool } from './avgPool.ts';

describeOp<'x'>({
  name: 'average pooling',
  tolerance: 'sum',
  differentiable: ['x'],
  cases: [
    {
      name: '4x4 to 1/4',
      inputs: { x: [1, 8, 4, 19] },
      run: (t) => avgPool(t.x, { kernel: 4 }),
      reference: (a) => averageReference(a.x, [2, 1], (i, j) => [4 * i, 4 * i + 4, 4 * j, 4 * j + 4]),
    },
    {
      name: 'adaptive to one pixel',
      inputs: { x: [2, 5, 3, 3] },
      run: (t) => adaptiveAvgPool(t.x, [1, 1]),
      reference: (a) => averageReference(a.x, [1, 1], () => [0, 5, 0, 3]),
    },
    {
      name: 'adaptive with overlapping windows',
      inputs: { x: [2, 5, 7, 3] },
      run: (t) => adaptiveAvgPool(t.x, [3, 2]),
      reference: (a) =>
        averageReference(a.x, [3, 2], (i, j) => [
          Math.floor((i * 5) / 3),
          Math.ceil(((i + 1) * 5) / 3),
          Math.floor((j * 7) / 2),
          Math.ceil(((j + 1) * 7) / 2),
        ]),
    },
  ],
  refuses: { labels: () => avgPool(tf.zeros([1, 3, 3]) as unknown as tf.Tensor4D, { kernel: 2 }) },
});
