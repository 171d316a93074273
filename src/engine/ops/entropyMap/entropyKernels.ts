// The entropy map and its gradient on WebGPU: a thread takes a pixel, and neither probabilities nor their logarithms are kept.
import { defineKernel, when } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';

// With p = softmax(z): E = -p log p / log C, and dz = p * (s - sum of p * s) for s = -dE * (log p + 1) / log C.
const kernel = defineKernel({
  name: 'entropyMap',
  uniforms: { pixels: 'i32', classes: 'i32', perLogClasses: 'f32' },
  inputs: ({ isGradient }) => ({ logits: 'f32', ...when(isGradient, { dy: 'f32' }) }),
  outputs: { result: 'f32' },
  wgsl: ({ isGradient }: { readonly isGradient: boolean }) => {
    const write = isGradient
      ? `var mean = 0.0;
  for (var c = 0; c < u.classes; c++) {
    let logP = logits[first + c] - highest - logSum;
    mean -= exp(logP) * dy[first + c] * (logP + 1.0);
  }
  for (var c = 0; c < u.classes; c++) {
    let logP = logits[first + c] - highest - logSum;
    result[first + c] = u.perLogClasses * exp(logP) * (-dy[first + c] * (logP + 1.0) - mean);
  }`
      : `for (var c = 0; c < u.classes; c++) {
    let logP = logits[first + c] - highest - logSum;
    result[first + c] = -u.perLogClasses * exp(logP) * logP;
  }`;
    return perElement(
      'u.pixels',
      `let first = index * u.classes;
  var highest = logits[first];
  for (var c = 1; c < u.classes; c++) { highest = max(highest, logits[first + c]); }
  var sum = 0.0;
  for (var c = 0; c < u.classes; c++) { sum += exp(logits[first + c] - highest); }
  let logSum = log(sum);
  ${write}`,
    );
  },
});

/** The map (`dy` null), or its gradient to the logits: one dispatch. */
export function entropyProgram(logits: tf.Tensor4D, dy: tf.Tensor | null): tf.Tensor4D {
  const [batch, height, width, classes] = logits.shape;
  const pixels = batch * height * width;
  const { result } = kernel.run({
    spec: { isGradient: dy !== null },
    inputs: { logits, dy },
    outputs: { result: logits.shape },
    threads: pixels,
    uniforms: { pixels, classes, perLogClasses: 1 / Math.log(classes) },
  });
  return result;
}
