// The tuner on a real device: what a convolution asked for is timed, decided, and computes the same afterwards.
import { describe, expect, it } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../../../testing/opContract.ts';
import { readValues } from '../../../backend/readback.ts';
import * as tf from '../../../tf.ts';
import { conv2d } from '../conv2d.ts';
import { kernelChoices } from './choices.ts';
import { ConvolutionTuner } from './convolutionTuner.ts';
import { measureWith } from './measureConvolution.ts';

describe('measured choices', { timeout: 120_000 }, () => {
  it('are made for what was asked for, leave no tensor, and change no value beyond rounding', async () => {
    const x = toTensor<tf.Tensor4D>(randomArray('x', [1, 4, 6, 4]));
    const filter = toTensor<tf.Tensor4D>(randomArray('filter', [1, 1, 4, 4]));
    const before = conv2d(x, filter);
    const tensors = tf.memory().numTensors;
    const measure = measureWith(() => performance.now());
    const times: number[] = [];
    const tuner = new ConvolutionTuner({
      kernels: kernelChoices(),
      nowMs: () => performance.now(),
      measure: async (shape, variant) => {
        // The others take software adapters seconds to compile; that all of them compute the same is tested with the kernels.
        if (variant.kind !== 'register') return Number.POSITIVE_INFINITY;
        const ms = await measure(shape, variant);
        times.push(ms);
        return ms;
      },
    });
    expect(await tuner.tune(600_000)).toMatchObject({ tuned: 1, remaining: 0 });
    expect(times.length).toBeGreaterThan(1);
    expect(times.every((ms) => ms > 0 && Number.isFinite(ms))).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    const after = conv2d(x, filter);
    expectClose(await readValues(after), await readValues(before), 'sum');
    tf.dispose([x, filter, before, after]);
  });
});
