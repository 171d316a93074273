// Cross-entropy of any shape, with any options, against its formula in float64.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { logSoftmaxReference } from '../core/softmax.reference.ts';
import { crossEntropyReference } from './softmaxCrossEntropy.reference.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

const RUNS = 10;
const side = fc.integer({ min: 1, max: 13 });
const batch = fc.integer({ min: 1, max: 4 });
const channels = fc.constantFrom(1, 3, 4, 19);

describe('cross-entropy of any shape', () => {
  it('has the value and the gradient of its formula', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(batch, side, side, channels),
        fc.constantFrom('valid', 'kept', 'weights', 'pixels'),
        fc.constantFrom(0.5, 1, 3),
        fc.integer({ min: 0, max: 1000 }),
        async ([n, h, w, c], divideBy, temperature, seed) => {
          const logits = randomArray(`logits ${seed}`, [n, h, w, c], [-4, 4]);
          const draw = randomArray(`labels ${seed}`, [n, h, w], [0, c * 1.3]).data;
          const labels = [...draw].map((value) => (value < c ? Math.floor(value) : 255));
          const keep = [...randomArray(`keep ${seed}`, [n, h, w]).data].map((value) => (value > -0.5 ? 1 : 0));
          const classWeights = [...randomArray(`weights ${seed}`, [c], [0.5, 2]).data];
          const { value, gradient } = tf.tidy(() => {
            const options = {
              classWeights: tf.tensor1d(classWeights),
              keep: tf.tensor3d(keep, [n, h, w]),
              divideBy,
              temperature,
            };
            const truth = tf.tensor3d(labels, [n, h, w], 'int32');
            const { value, grad } = tf.valueAndGrad((z: tf.Tensor) =>
              softmaxCrossEntropy(z as tf.Tensor4D, truth, options),
            )(toTensor(logits));
            return { value, gradient: grad };
          });
          const terms = { classWeights, keep, divideBy, temperature };
          const expected = crossEntropyReference(logits, labels, terms).data[0]!;
          expectClose(await readValues(value), [expected], 'loss');

          const weightOf = (pixel: number) => keep[pixel]! * (classWeights[labels[pixel]!] ?? 0);
          const isValid = (pixel: number) => labels[pixel]! < c;
          const count = labels.reduce((sum, _, pixel) => {
            const counted = { valid: 1, kept: keep[pixel]!, weights: weightOf(pixel), pixels: 1 }[divideBy];
            return sum + (isValid(pixel) || divideBy === 'pixels' ? counted : 0);
          }, 0);
          const { data } = logSoftmaxReference(logits, temperature);
          const slopes = data.map((logP, k) => {
            const pixel = Math.floor(k / c);
            if (!isValid(pixel) || count === 0) return 0;
            return (weightOf(pixel) * (Math.exp(logP) - (k % c === labels[pixel] ? 1 : 0))) / temperature / count;
          });
          expectClose(await readValues(gradient), slopes, 'loss');
          tf.dispose([value, gradient]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
