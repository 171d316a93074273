// Decision, confidence and comparison in one pass over the logits; a thread takes a pixel.
import { IGNORE } from '../../../domain/classes.ts';
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { type ClassSpec, classSpec, exponentials, perClass } from '../core/softmax.wgsl.ts';
import type { ConfidentLabels, ConfidentLabelsOptions } from './confidentLabelsOptions.ts';

const UNIFORMS = { pixels: 'i32', classes: 'i32' } as const;
const BUFFERS: Buffers = {
  reads: { logits: 'f32', temperature: 'f32', threshold: 'f32' },
  writes: { labels: 'i32', kept: 'f32' },
};

const family: ProgramFamily<ClassSpec, keyof typeof UNIFORMS> = {
  name: 'confidentLabels',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declareBuffers(BUFFERS)}
${declareUniforms(UNIFORMS, uniformBinding(BUFFERS))}
${perElement(
  'u.pixels',
  `let first = index * ${spec.classes};
  let perTemperature = 1.0 / temperature[0];
  ${exponentials(spec, 'perTemperature')}
  // The first of equals.
  var best = ${spec.classes};
  ${perClass(spec, (c) => `best = select(best, min(best, ${c}), z[${c}] == highest);`)}
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
    spec: classSpec(classes),
    inputs: [logits, temperature, threshold],
    outputs: [{ shape, dtype: 'int32' }, { shape }],
    dispatches: [{ workgroups: workgroupsFor(pixels), uniforms: { pixels, classes } }],
  });
  return { labels: labels as tf.Tensor3D, kept: kept as tf.Tensor3D };
}
