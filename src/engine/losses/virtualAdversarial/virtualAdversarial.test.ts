import { expect, it } from 'vitest';
import { expectClose, expectInvariant, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { softLabelKl } from '../distillation/distillation.ts';
import { virtualAdversarialLoss } from './virtualAdversarial.ts';

const SHAPE = [2, 3, 4, 3] as const;
const EPSILON = 0.5;

it('moves every image by epsilon, to where the prediction changes more than along the noise', async () => {
  const results = tf.tidy(() => {
    const images = toTensor<tf.Tensor4D>(randomArray('images', SHAPE));
    const noise = toTensor<tf.Tensor4D>(randomArray('noise', SHAPE));
    const mixing = toTensor<tf.Tensor2D>(randomArray('mixing', [3, 3], [-2, 2]));
    let moved = images;
    const forward = (x: tf.Tensor4D): tf.Tensor4D => {
      moved = x;
      return tf.reshape(tf.matMul(tf.reshape(tf.tanh(x), [24, 3]), mixing), SHAPE as unknown as typeof x.shape);
    };
    const loss = virtualAdversarialLoss(forward, images, noise, { epsilon: EPSILON });
    const lengths = tf.sqrt(tf.sum(tf.square(tf.sub(moved, images)), [1, 2, 3]));
    const scale = tf.div(EPSILON, tf.sqrt(tf.sum(tf.square(noise), [1, 2, 3], true)));
    const along = softLabelKl(forward(tf.add<tf.Tensor4D>(images, tf.mul(noise, scale))), forward(images));
    return [lengths, loss, along];
  });
  const [lengths, loss, along] = await readAll(results);
  expectClose(lengths!, [EPSILON, EPSILON], 'sum');
  expect(loss![0]).toBeGreaterThan(2 * along![0]!);
  tf.dispose(results);
});

it('refuses noise of another shape', () => {
  const images = (): tf.Tensor4D => tf.zeros([1, 2, 2, 3]);
  expectInvariant(() =>
    tf.tidy(() => virtualAdversarialLoss((x) => x, images(), tf.zeros([1, 2, 3, 3]), { epsilon: 1 })),
  );
});
