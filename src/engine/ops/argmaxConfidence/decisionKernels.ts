// Most probable class and its probability in one pass over the logits; a thread takes a pixel.
import { defineKernel, when } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { Decision } from './decision.ts';

const kernel = defineKernel({
  name: 'argmaxConfidence',
  uniforms: { pixels: 'i32', classes: 'i32', perTemperature: 'f32', threshold: 'f32' },
  inputs: { logits: 'f32' },
  outputs: ({ maskOnly }) => ({
    ...when(maskOnly, { mask: 'f32' }),
    ...when(!maskOnly, { classes: 'i32', confidence: 'f32' }),
  }),
  wgsl: ({ maskOnly }: { readonly maskOnly: boolean }) =>
    perElement(
      'u.pixels',
      `let first = index * u.classes;
  var best = 0;
  for (var c = 1; c < u.classes; c++) { if (logits[first + c] > logits[first + best]) { best = c; } }
  let highest = logits[first + best];
  var sum = 0.0;
  for (var c = 0; c < u.classes; c++) { sum += exp((logits[first + c] - highest) * u.perTemperature); }
  let largest = 1.0 / sum;
  ${maskOnly ? 'mask[index] = select(0.0, 1.0, largest >= u.threshold);' : 'classes[index] = best; confidence[index] = largest;'}`,
    ),
});

const callOf = (logits: tf.Tensor4D, temperature: number, threshold: number) => {
  const [batch, height, width, classes] = logits.shape;
  const pixels = batch * height * width;
  const shape = [batch, height, width] as const;
  const uniforms = { pixels, classes, perTemperature: 1 / temperature, threshold };
  return { shape, inputs: { logits }, threads: pixels, uniforms };
};

/** Class and confidence of every pixel: one dispatch. */
export function decide(logits: tf.Tensor4D, temperature: number): Decision {
  const { shape, ...call } = callOf(logits, temperature, 0);
  return kernel.run({ ...call, spec: { maskOnly: false }, outputs: { classes: shape, confidence: shape } });
}

/** 1 where the confidence reaches the threshold: one dispatch. */
export function maskConfident(logits: tf.Tensor4D, threshold: number, temperature: number): tf.Tensor3D {
  const { shape, ...call } = callOf(logits, temperature, threshold);
  return kernel.run({ ...call, spec: { maskOnly: true }, outputs: { mask: shape } }).mask;
}
