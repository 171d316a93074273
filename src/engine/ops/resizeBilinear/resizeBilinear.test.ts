import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import { info } from './info.ts';
import { resizeBilinearReference } from './resizeBilinear.reference.ts';
import { resizeBilinear } from './resizeBilinear.ts';

type Shape = readonly [number, number, number, number];

const resizes: readonly [Shape, readonly [number, number]][] = [
  [
    [2, 3, 4, 3],
    [6, 8],
  ],
  [
    [1, 3, 5, 19],
    [7, 9],
  ],
  [
    [1, 9, 7, 1],
    [4, 3],
  ],
  [
    [1, 1, 1, 3],
    [3, 2],
  ],
  [
    [1, 5, 4, 1],
    [1, 1],
  ],
  [
    [1, 4, 4, 2],
    [4, 8],
  ],
  // Doubled in several patches, the last ones cut short; in vectors of channels, too.
  [
    [1, 8, 19, 3],
    [16, 38],
  ],
  [
    [2, 6, 17, 4],
    [12, 34],
  ],
];

describeOp<'x'>({
  name: 'resizeBilinear',
  tolerance: 'sum',
  differentiable: ['x'],
  cases: resizes.flatMap(([x, size]) =>
    [true, false].map((alignCorners) => ({
      name: `${x[1]}x${x[2]} to ${size.join('x')}, ${alignCorners ? 'aligned corners' : 'half-pixel centres'}`,
      inputs: { x },
      run: (t: Record<'x', never>) => resizeBilinear(t.x, size, { alignCorners }),
      reference: (a: Record<'x', Parameters<typeof resizeBilinearReference>[0]>) =>
        resizeBilinearReference(a.x, size, alignCorners),
    })),
  ),
  refuses: {
    labels: () => resizeBilinear(tf.zeros([1, 3, 3]) as unknown as tf.Tensor4D, [2, 2], { alignCorners: true }),
  },
});

const skips: readonly [Shape, readonly [number, number], boolean][] = [
  [[2, 3, 2, 3], [6, 4], false],
  [[1, 2, 3, 8], [4, 6], false],
  [[2, 3, 2, 1], [7, 9], true],
  [[1, 7, 6, 3], [3, 4], false],
  [[1, 1, 1, 4], [9, 9], false],
  [[1, 2, 3, 1], [2, 3], true],
];

describeOp<'x' | 'added'>({
  name: 'resizeBilinear with a map added',
  tolerance: 'sum',
  differentiable: ['x', 'added'],
  cases: skips.map(([x, size, alignCorners]) => ({
    name: `[${x}] to ${size.join('x')}`,
    inputs: { x, added: [x[0], ...size, x[3]] },
    run: (t) => resizeBilinear(t.x, size, { alignCorners, added: t.added }),
    reference: (a) => {
      const { shape, data } = resizeBilinearReference(a.x, size, alignCorners);
      return { shape, data: data.map((value, i) => value + a.added.data[i]!) };
    },
  })),
  refuses: {
    'a map of the old size': () =>
      resizeBilinear(tf.zeros([1, 2, 2, 1]), [4, 4], { alignCorners: true, added: tf.zeros([1, 2, 2, 1]) }),
  },
});

itCosts(
  info,
  [
    [2, 5, 6, 4],
    [2, 10, 12, 4],
  ],
  ([x, added]) => resizeBilinear(x, [10, 12], { alignCorners: false, added }),
);
