// Running statistics of batch normalisation on WebGPU: both in one dispatch.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';

const UNIFORMS = { channels: 'i32', momentum: 'f32', unbiased: 'f32' } as const;
const BUFFERS: Buffers = {
  reads: { mean: 'f32', variance: 'f32', statistics: 'vec4f' },
  writes: { newMean: 'f32', newVariance: 'f32' },
};

const family: ProgramFamily<Record<string, never>, keyof typeof UNIFORMS> = {
  name: 'followStatistics',
  uniforms: UNIFORMS,
  wgsl: () => `
${declareBuffers(BUFFERS)}
${declareUniforms(UNIFORMS, uniformBinding(BUFFERS))}
${perElement(
  'u.channels',
  `let batch = statistics[index];
  newMean[index] = (1.0 - u.momentum) * mean[index] + u.momentum * batch.x;
  newVariance[index] = (1.0 - u.momentum) * variance[index] + u.momentum * u.unbiased * batch.z;`,
)}`,
};

/** The running values moved by `momentum` to the batch's, the variance unbiased by count / (count - 1). `statistics` are those of `fusedNorm`. */
export function followStatistics(
  running: { readonly runningMean: tf.Tensor1D; readonly runningVariance: tf.Tensor1D },
  statistics: tf.Tensor2D,
  { momentum, count }: { readonly momentum: number; readonly count: number },
): { readonly runningMean: tf.Tensor1D; readonly runningVariance: tf.Tensor1D } {
  const [channels] = running.runningMean.shape;
  const [runningMean, runningVariance] = runTensors({
    family,
    spec: {},
    inputs: [running.runningMean, running.runningVariance, statistics],
    outputs: [{ shape: [channels] }, { shape: [channels] }],
    dispatches: [
      {
        workgroups: workgroupsFor(channels),
        uniforms: { channels, momentum, unbiased: count / Math.max(1, count - 1) },
      },
    ],
  });
  return { runningMean: runningMean as tf.Tensor1D, runningVariance: runningVariance as tf.Tensor1D };
}
