import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { info } from './info.ts';
import { joinBatches } from './joinBatches.ts';
import { splitBatch } from './splitBatch.ts';

const IMAGES: readonly (readonly number[])[] = [[3, 5, 1], [2, 1, 19], [4, 3, 3], [7], []];

function joined(parts: readonly NdArray[]): NdArray {
  const data = parts.flatMap((part) => [...part.data]);
  const batch = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return { shape: [batch, ...parts[0]!.shape.slice(1)], data: Float64Array.from(data) };
}

describeOp<'a' | 'b' | 'c'>({
  name: 'joinBatches',
  tolerance: 'exact',
  differentiable: ['a', 'b', 'c'],
  cases: IMAGES.map((image) => ({
    name: `2 + 1 + 3 of [${image}]`,
    inputs: { a: [2, ...image], b: [1, ...image], c: [3, ...image] },
    run: ({ a, b, c }) => joinBatches([a, b, c]),
    reference: ({ a, b, c }) => joined([a, b, c]),
  })),
  refuses: {
    'no part': () => joinBatches([]),
    scalars: () => joinBatches([tf.scalar(1), tf.scalar(2)]),
    'images of other sizes': () => joinBatches([tf.zeros([1, 2, 3]), tf.zeros([1, 3, 2])]),
    'two types': () => joinBatches([tf.zeros([1, 2]), tf.zeros([1, 2], 'int32')]),
  },
});

describeOp<'x'>({
  name: 'splitBatch',
  tolerance: 'elementwise',
  differentiable: ['x'],
  // The middle part is dropped: its share of the gradient is zero. The last counts twice.
  cases: IMAGES.map((image) => ({
    name: `[${image}] into 1 + 3 + 1`,
    inputs: { x: [5, ...image] },
    run: ({ x }) => {
      const [first, , last] = splitBatch(x, [1, 3, 1]);
      return tf.add(first, tf.mul(last, 2));
    },
    reference: ({ x: { data } }) => {
      const size = data.length / 5;
      const sums = Float64Array.from({ length: size }, (_, i) => data[i]! + 2 * data[4 * size + i]!);
      return { shape: [1, ...image], data: sums };
    },
  })),
  refuses: {
    'counts that do not add up': () => splitBatch(tf.zeros([3, 2]), [1, 1]),
    'an empty part': () => splitBatch(tf.zeros([3, 2]), [3, 0]),
    'a scalar': () => splitBatch(tf.scalar(1), []),
  },
});

describe('joinBatches and splitBatch', () => {
  it('take labels as well', async () => {
    const [first, second] = tf.tidy(() => {
      const whole = joinBatches([tf.tensor2d([[7, 255]], [1, 2], 'int32'), tf.tensor2d([[3, 4]], [1, 2], 'int32')]);
      return [...splitBatch(whole, [1, 1])];
    }) as [tf.Tensor, tf.Tensor];
    expect([first.dtype, second.dtype]).toEqual(['int32', 'int32']);
    expect([...(await readValues(first)), ...(await readValues(second))]).toEqual([7, 255, 3, 4]);
    tf.dispose([first, second]);
  });

  it('take floats that TensorFlow.js has only relabelled', async () => {
    const y = tf.tidy(() => joinBatches([tf.cast(tf.tensor1d([3], 'int32'), 'float32'), tf.tensor1d([0.5])]));
    expect([...(await readValues(y))]).toEqual([3, 0.5]);
    y.dispose();
  });

  it('may be given one batch twice', async () => {
    const x = tf.tensor1d([2, 5]);
    const gradient = tf.tidy(() => {
      const squares = (x: tf.Tensor): tf.Tensor => {
        const [a, b] = splitBatch(joinBatches([x, x]), [2, 2]);
        return tf.sum(tf.mul(a, b));
      };
      return tf.grad(squares)(x);
    });
    expect([...(await readValues(gradient))]).toEqual([4, 10]);
    tf.dispose([x, gradient]);
  });
});

itCosts(
  info,
  [
    [2, 5],
    [1, 5],
  ],
  ([a, b]) => joinBatches([a, b]),
  'joinBatches',
);
