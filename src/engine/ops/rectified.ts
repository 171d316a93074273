// ReLU and leaky ReLU on WebGPU, one dispatch in either direction. TensorFlow.js takes three to four for the gradient.
import { declareUniforms, type ProgramFamily } from '../gpu/program.ts';
import { runTensor } from '../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../gpu/wgsl.ts';
import * as tf from '../tf.ts';

const UNIFORMS = { size: 'i32', slope: 'f32' } as const;

/** `value` where the sign of `x` is positive, slope * value elsewhere; forward the value is x itself. */
const family: ProgramFamily<{ readonly isGradient: boolean }, keyof typeof UNIFORMS> = {
  name: 'rectified',
  uniforms: UNIFORMS,
  wgsl: ({ isGradient }) => {
    const buffers: Buffers = { reads: { x: 'f32', ...(isGradient ? { dy: 'f32' } : {}) }, writes: { result: 'f32' } };
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement(
  'u.size',
  `let value = ${isGradient ? 'dy' : 'x'}[index];
  result[index] = select(u.slope * value, value, x[index] > 0.0);`,
)}`;
  },
};

/** x where positive, else slope * x. */
export function rectified<T extends tf.Tensor>(x: T, slope: number): T {
  const run = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: dispatch([input as tf.Tensor], slope),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dispatch([...saved, dy], slope),
    };
  });
  return run(x) as T;
}

function dispatch(inputs: readonly tf.Tensor[], slope: number): tf.Tensor {
  const { shape, size } = inputs[0] as tf.Tensor;
  return runTensor({
    family,
    spec: { isGradient: inputs.length === 2 },
    inputs,
    outputs: [{ shape }],
    dispatches: [{ workgroups: workgroupsFor(size), uniforms: { size, slope } }],
  });
}
