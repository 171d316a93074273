import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import { info } from './info.ts';
import { probabilityMap } from './probabilityMap.ts';

/** Mean over each square of exp(z / T) / sum of exp(z / T). */
function reference(logits: NdArray, temperature: number, pool: number): NdArray {
  const [batch, height, width, classes] = shape4(logits);
  const probability = (n: number, i: number, j: number, c: number): number => {
    const powers = Array.from({ length: classes }, (_, k) => Math.exp(at(logits, n, i, j, k) / temperature));
    return powers[c]! / powers.reduce((a, b) => a + b);
  };
  return build([batch, Math.floor(height / pool), Math.floor(width / pool), classes], (n, i, j, c) => {
    let sum = 0;
    for (let y = 0; y < pool; y++) for (let x = 0; x < pool; x++) sum += probability(n, i * pool + y, j * pool + x, c);
    return sum / pool ** 2;
  });
}

const cases: readonly [name: string, shape: readonly number[], temperature: number, pool: number][] = [
  ['plain softmax', [2, 3, 5, 4], 1, 1],
  ['one class', [1, 2, 2, 1], 0.5, 2],
  ['sharpened, pooled', [2, 4, 8, 3], 0.5, 2],
  ['what fills no square is left out', [1, 7, 9, 19], 2, 4],
];

describeOp<'logits'>({
  name: 'probabilityMap',
  tolerance: 'loss',
  differentiable: ['logits'],
  range: [-3, 3],
  cases: cases.map(([name, shape, temperature, pool]) => ({
    name: `${name}, [${shape}] at ${temperature}`,
    inputs: { logits: shape },
    run: (t) => probabilityMap(t.logits, { temperature: tf.scalar(temperature), pool }),
    reference: ({ logits }) => reference(logits, temperature, pool),
  })),
  refuses: {
    'logits of another rank': () =>
      probabilityMap(tf.zeros([2, 2, 3]) as unknown as tf.Tensor4D, { temperature: tf.scalar(1), pool: 1 }),
    'more than one temperature': () =>
      probabilityMap(tf.zeros([1, 2, 2, 3]), { temperature: tf.ones([2]) as unknown as tf.Scalar, pool: 1 }),
  },
});

itCosts(info, [[2, 4, 6, 4]], ([logits]) => probabilityMap(logits, { temperature: tf.scalar(0.5), pool: 2 }));
