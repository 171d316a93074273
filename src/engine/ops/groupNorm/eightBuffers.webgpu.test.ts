// Normalisation on a device that binds no more than the eight storage buffers that WebGPU promises.
import { expect, it, vi } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readAll } from '../../backend/readback.ts';
import { backendInside } from '../../gpu/backendInside.ts';
import { maxStorageBuffers } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { batchNorm } from '../batchNorm/batchNorm.ts';

const SHAPE = [2, 3, 4, 5] as const;

/** Result, running statistics and gradients of a batch normalisation in training, with at most `buffers` bound. */
async function trained(buffers: number, hasResidual: boolean): Promise<readonly number[][]> {
  const { device } = backendInside();
  const { limits } = device;
  const fewer = new Proxy(limits, {
    get: (_, name) => (name === 'maxStorageBuffersPerShaderStage' ? buffers : Reflect.get(limits, name)),
  });
  vi.spyOn(device, 'limits', 'get').mockReturnValue(fewer);
  expect(maxStorageBuffers()).toBe(buffers);
  const drawn = (key: string, shape: readonly number[]): tf.Tensor => toTensor(randomArray(key, shape));
  const running = [0.5, 2].map((value) => tf.tidy(() => tf.variable(tf.fill([5], value), false)));
  const [runningMean, runningVariance] = running as [tf.Variable, tf.Variable];
  const results = tf.tidy(() => {
    const inputs = [drawn('x', SHAPE), drawn('gamma', [5]), drawn('beta', [5]), drawn('residual', SHAPE)];
    const normalise = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, residual?: tf.Tensor): tf.Tensor =>
      batchNorm(
        x as tf.Tensor4D,
        { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, runningMean, runningVariance },
        {
          ...{ mode: 'train', training: true, activation: 'relu' },
          ...(residual === undefined ? {} : { residual: residual as tf.Tensor4D }),
        },
      );
    const used = hasResidual ? inputs : inputs.slice(0, 3);
    const { value, grads } = tf.valueAndGrads(normalise)(used, drawn('dy', SHAPE));
    return [value, tf.clone(runningMean), tf.clone(runningVariance), ...grads];
  });
  const values = await readAll(results);
  tf.dispose([...results, ...running]);
  return values.map((array) => [...array]);
}

it.each([false, true])('gives the same in other dispatches, residual %s', async (hasResidual) => {
  const few = await trained(8, hasResidual);
  const many = await trained(10, hasResidual);
  expect(few.length).toBe(hasResidual ? 7 : 6);
  for (const [i, array] of few.entries()) expectClose(array, many[i]!, 'elementwise');
});
