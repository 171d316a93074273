// Fused operations one after the other, as a step has them: the same bits twice, buffers that stay.
import { describe, expect, it } from 'vitest';
import { randomArray, toTensor } from '../../../testing/opContract.ts';
import { memory } from '../../backend/memory.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { groupNorm } from '../groupNorm/groupNorm.ts';
import { resizeBilinear } from '../resizeBilinear/resizeBilinear.ts';
import { pixelCrossEntropy, softmaxCrossEntropy } from '../softmaxCrossEntropy/softmaxCrossEntropy.ts';

describe('a fused step', () => {
  const x = randomArray('step x', [2, 33, 20, 12]);
  const labels = [...randomArray('step labels', [2, 66, 40], [0, 13]).data].map(Math.floor);
  const loss = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
    const affine = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D };
    const y = groupNorm(x as tf.Tensor4D, { groups: 3, ...affine, residual: x as tf.Tensor4D, activation: 'relu' });
    const logits = resizeBilinear(y, [66, 40], { alignCorners: false });
    const truth = tf.tensor3d(labels, [2, 66, 40], 'int32');
    return tf.add(softmaxCrossEntropy(logits, truth), tf.mean(pixelCrossEntropy(logits, truth)));
  };

  it('gives the same bits twice, and its buffers do not grow', async () => {
    const run = async () => {
      const gradients = tf.tidy(() => tf.grads(loss)([toTensor(x), tf.ones([12]), tf.zeros([12])]));
      const values = await readAll(gradients);
      tf.dispose(gradients);
      return values;
    };
    const first = await run();
    await run();
    const before = memory();
    for (let repeat = 0; repeat < 3; repeat++) expect(await run()).toEqual(first);
    expect(memory()).toEqual(before);
  });
});
