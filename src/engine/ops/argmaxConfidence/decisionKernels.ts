// Most probable class and its probability in one pass over the logits; a thread takes a pixel.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor, runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { Decision } from './decision.ts';

const UNIFORMS = { pixels: 'i32', classes: 'i32', perTemperature: 'f32', threshold: 'f32' } as const;

const family: ProgramFamily<{ readonly maskOnly: boolean }, keyof typeof UNIFORMS> = {
  name: 'argmaxConfidence',
  uniforms: UNIFORMS,
  wgsl: ({ maskOnly }) => {
    const buffers: Buffers = {
      reads: { logits: 'f32' },
      writes: maskOnly ? { mask: 'f32' } : { classes: 'i32', confidence: 'f32' },
    };
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement(
  'u.pixels',
  `let first = index * u.classes;
  var best = 0;
  for (var c = 1; c < u.classes; c++) { if (logits[first + c] > logits[first + best]) { best = c; } }
  let highest = logits[first + best];
  var sum = 0.0;
  for (var c = 0; c < u.classes; c++) { sum += exp((logits[first + c] - highest) * u.perTemperature); }
  let largest = 1.0 / sum;
  ${maskOnly ? 'mask[index] = select(0.0, 1.0, largest >= u.threshold);' : 'classes[index] = best; confidence[index] = largest;'}`,
)}`;
  },
};

const runOf = (logits: tf.Tensor4D, temperature: number, threshold: number) => {
  const [batch, height, width, classes] = logits.shape;
  const pixels = batch * height * width;
  return {
    family,
    inputs: [logits],
    shape: [batch, height, width],
    dispatches: [
      { workgroups: workgroupsFor(pixels), uniforms: { pixels, classes, perTemperature: 1 / temperature, threshold } },
    ],
  };
};

/** Class and confidence of every pixel: one dispatch. */
export function decide(logits: tf.Tensor4D, temperature: number): Decision {
  const { shape, ...run } = runOf(logits, temperature, 0);
  const [classes, confidence] = runTensors({
    ...run,
    spec: { maskOnly: false },
    outputs: [{ shape, dtype: 'int32' }, { shape }],
  });
  return { classes: classes as tf.Tensor3D, confidence: confidence as tf.Tensor3D };
}

/** 1 where the confidence reaches the threshold: one dispatch. */
export function maskConfident(logits: tf.Tensor4D, threshold: number, temperature: number): tf.Tensor3D {
  const { shape, ...run } = runOf(logits, temperature, threshold);
  return runTensor({ ...run, spec: { maskOnly: true }, outputs: [{ shape }] }) as tf.Tensor3D;
}
