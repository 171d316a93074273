// Decision, confidence and comparison in one pass over the logits; a thread takes a pixel.
import { IGNORE } from '../../../domain/classes.ts';
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { ConfidentLabels, ConfidentLabelsOptions } from './confidentLabelsOptions.ts';

const UNIFORMS = { pixels: 'i32', classes: 'i32' } as const;
const BUFFERS: Buffers = {
  reads: { logits: 'f32', temperature: 'f32', threshold: 'f32' },
  writes: { labels: 'i32', kept: 'f32' },
};

const family: ProgramFamily<Readonly<Record<string, never>>, keyof typeof UNIFORMS> = {
  name: 'confidentLabels',
  uniforms: UNIFORMS,
  wgsl: () => `
${declareBuffers(BUFFERS)}
${declareUniforms(UNIFORMS, uniformBinding(BUFFERS))}
${perElement(
  'u.pixels',
  `let first = index * u.classes;
  var best = 0;
  for (var c = 1; c < u.classes; c++) { if (logits[first + c] > logits[first + best]) { best = c; } }
  let highest = logits[first + best];
  let perTemperature = 1.0 / temperature[0];
  var sum = 0.0;
  for (var c = 0; c < u.classes; c++) { sum += exp((logits[first + c] - highest) * perTemperature); }
  let isKept = 1.0 / sum >= threshold[0];
  labels[index] = select(${IGNORE}, best, isKept);
  kept[index] = select(0.0, 1.0, isKept);`,
)}`,
};

/** One dispatch. */
export function labelsProgram(
  logits: tf.Tensor4D,
  { temperature, threshold }: ConfidentLabelsOptions,
): ConfidentLabels {
  const [batch, height, width, classes] = logits.shape;
  const pixels = batch * height * width;
  const shape = [batch, height, width];
  const [labels, kept] = runTensors({
    family,
    spec: {},
    inputs: [logits, temperature, threshold],
    outputs: [{ shape, dtype: 'int32' }, { shape }],
    dispatches: [{ workgroups: workgroupsFor(pixels), uniforms: { pixels, classes } }],
  });
  return { labels: labels as tf.Tensor3D, kept: kept as tf.Tensor3D };
}
