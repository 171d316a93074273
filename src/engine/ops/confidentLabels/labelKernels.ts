// Decision, confidence and comparison in one pass over the logits; a thread takes a pixel.
import { IGNORE } from '../../../domain/classes.ts';
import { defineKernel } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { type ClassSpec, classSpec, exponentials, perClass } from '../core/softmax.wgsl.ts';
import type { ConfidentLabels, ConfidentLabelsOptions } from './confidentLabelsOptions.ts';

export const labelsKernel = defineKernel({
  name: 'confidentLabels',
  uniforms: { pixels: 'i32', classes: 'i32' },
  inputs: { logits: 'f32', temperature: 'f32', threshold: 'f32' },
  outputs: { labels: 'i32', kept: 'f32' },
  wgsl: (spec: ClassSpec) =>
    perElement(
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
    ),
});

/** One dispatch. */
export function labelsProgram(
  logits: tf.Tensor4D,
  { temperature, threshold }: ConfidentLabelsOptions,
): ConfidentLabels {
  const [batch, height, width, classes] = logits.shape;
  const pixels = batch * height * width;
  const shape = [batch, height, width] as const;
  return labelsKernel.run({
    spec: classSpec(classes),
    inputs: { logits, temperature, threshold },
    outputs: { labels: shape, kept: shape },
    threads: pixels,
    uniforms: { pixels, classes },
  });
}
