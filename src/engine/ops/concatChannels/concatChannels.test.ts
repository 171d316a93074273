import { type NdArray, zeros } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import { concatChannels } from './concatChannels.ts';
import { info } from './info.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
type Name = (typeof NAMES)[number];

function reference(parts: readonly NdArray[]): NdArray {
  const [n = 1, h = 1, w = 1] = parts[0]!.shape;
  const total = parts.reduce((sum, { shape }) => sum + shape[3]!, 0);
  const joined = zeros([n, h, w, total]);
  for (let pixel = 0; pixel < n * h * w; pixel++) {
    const row = parts.flatMap(({ shape, data }) => [...data.subarray(pixel * shape[3]!, (pixel + 1) * shape[3]!)]);
    joined.data.set(row, pixel * total);
  }
  return joined;
}

const cases: readonly (readonly [pixels: readonly [number, number, number], channels: readonly number[]])[] = [
  [
    [2, 3, 5],
    [4, 8],
  ],
  [
    [1, 4, 3],
    [3, 1, 19],
  ],
  [
    [3, 1, 2],
    [16, 16, 16, 16],
  ],
  [[1, 1, 1], [5]],
  [
    [2, 7, 9],
    [1, 2, 1, 3, 1, 1, 2, 1],
  ],
];

describeOp<Name>({
  name: 'concatChannels',
  tolerance: 'exact',
  differentiable: NAMES,
  cases: cases.map(([pixels, channels]) => {
    const names = NAMES.slice(0, channels.length);
    return {
      name: `[${pixels}] of ${channels.join(' + ')}`,
      inputs: Object.fromEntries(names.map((name, k) => [name, [...pixels, channels[k]!]])) as Record<Name, number[]>,
      run: (t) => concatChannels(names.map((name) => t[name] as tf.Tensor4D)),
      reference: (a) => reference(names.map((name) => a[name])),
    };
  }),
  refuses: {
    'no part': () => concatChannels([]),
    'maps of other sizes': () => concatChannels([tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 3, 1])]),
  },
});

itCosts(
  info,
  [
    [2, 5, 6, 4],
    [2, 5, 6, 4],
    [2, 5, 6, 3],
  ],
  (parts) => concatChannels(parts),
);
