// Mixing images together with their labels: what CutMix (Yun et al. 2019) and ClassMix (Olsson et al. 2021) do in a step.
// Boxes and classes are planned tensors, drawn on the host beforehand; no gradient, since images and labels are data.
import { canRunPrograms } from '../../gpu/program.ts';
import type * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import type { LabelledImages, MixedImages } from './labelledImages.ts';
import { boxMask, classMask } from './masks.ts';
import { mixImages, mixLabels } from './mix.ts';
import { fusedMix } from './mixKernels.ts';

/** CutMix: `inside` within `boxes` [batch, 4] (y1, x1, y2, x2 in pixels, half open), `outside` around them. One dispatch on WebGPU. */
export function mixBoxes(inside: LabelledImages, outside: LabelledImages, boxes: tf.Tensor2D): MixedImages {
  assertShape(boxes, ['batch', 4], 'mixBoxes boxes', checkPair(inside, outside, 'mixBoxes'));
  if (canRunPrograms()) return fusedMix(inside, outside, boxes, 'box');
  const [, height, width] = inside.labels.shape;
  return mixed(inside, outside, boxMask(boxes, [height, width]));
}

/** ClassMix: `inside` where its label is one of the `chosen` [batch, classes] (0 or 1), `outside` elsewhere; 255 is never chosen. One dispatch on WebGPU. */
export function mixClasses(inside: LabelledImages, outside: LabelledImages, chosen: tf.Tensor2D): MixedImages {
  assertShape(chosen, ['batch', 'classes'], 'mixClasses chosen', checkPair(inside, outside, 'mixClasses'));
  if (canRunPrograms()) return fusedMix(inside, outside, chosen, 'classes');
  return mixed(inside, outside, classMask(inside.labels, chosen));
}

function checkPair(inside: LabelledImages, outside: LabelledImages, name: string): Record<string, number> {
  const sizes = assertShape(inside.images, ['batch', 'height', 'width', 'channels'], `${name} inside images`);
  assertShape(outside.images, ['batch', 'height', 'width', 'channels'], `${name} outside images`, sizes);
  assertShape(inside.labels, ['batch', 'height', 'width'], `${name} inside labels`, sizes);
  assertShape(outside.labels, ['batch', 'height', 'width'], `${name} outside labels`, sizes);
  return sizes;
}

function mixed(inside: LabelledImages, outside: LabelledImages, mask: tf.Tensor3D): MixedImages {
  return {
    images: mixImages(inside.images, outside.images, mask),
    labels: mixLabels(inside.labels, outside.labels, mask),
    mask,
  };
}
