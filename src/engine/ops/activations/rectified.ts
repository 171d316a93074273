// ReLU and leaky ReLU on WebGPU, one dispatch in either direction (TensorFlow.js takes three to four for the gradient), and
// the gradient alone for operations that have rectified what they wrote.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import {
  type Buffers,
  declareBuffers,
  perElement,
  uniformBinding,
  vectorType,
  vectorWidth,
  workgroupsFor,
} from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

const UNIFORMS = { size: 'i32', slope: 'f32' } as const; // the size in vectors

/** `value` where the sign of `x` is positive, slope * value elsewhere; forward the value is x itself. */
const family: ProgramFamily<{ readonly isGradient: boolean; readonly width: 1 | 4 }, keyof typeof UNIFORMS> = {
  name: 'rectified',
  uniforms: UNIFORMS,
  wgsl: ({ isGradient, width }) => {
    const type = vectorType(width);
    const buffers: Buffers = { reads: { x: type, ...(isGradient ? { dy: type } : {}) }, writes: { result: type } };
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement(
  'u.size',
  `let value = ${isGradient ? 'dy' : 'x'}[index];
  result[index] = select(u.slope * value, value, x[index] > ${type}());`,
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

/**
 * `y` as it is, for whoever has rectified it already (with `slope` >= 0): its gradient is that to what it was before, since
 * the sign has stayed. No dispatch forward, one back.
 */
export function pastRectifier<T extends tf.Tensor>(y: T, slope: number): T {
  const run = tf.customGrad((output, save) => {
    (save as tf.GradSaveFunc)([output as tf.Tensor]);
    return {
      value: tf.clone(output as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dispatch([...saved, dy], slope),
    };
  });
  return run(y) as T;
}

function dispatch(inputs: readonly tf.Tensor[], slope: number): tf.Tensor {
  const { shape, size } = inputs[0] as tf.Tensor;
  const width = vectorWidth(size);
  const vectors = size / width;
  return runTensor({
    family,
    spec: { isGradient: inputs.length === 2, width },
    inputs,
    outputs: [{ shape }],
    dispatches: [{ workgroups: workgroupsFor(vectors), uniforms: { size: vectors, slope } }],
  });
}
