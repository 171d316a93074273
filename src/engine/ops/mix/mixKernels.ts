// CutMix and ClassMix on WebGPU: image, label and mask in one dispatch, one thread per pixel.
import { defineKernel } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { LabelledImages, MixedImages } from './labelledImages.ts';

/** `box`: rows of `region` are y1, x1, y2, x2. `classes`: one flag per class. */
export type Region = 'box' | 'classes';

const IS_INSIDE: Readonly<Record<Region, string>> = {
  box: `let row = f32((index / u.width) % u.height);
  let column = f32(index % u.width);
  let at = 4 * image;
  let isInside = row >= region[at] && row < region[at + 2] && column >= region[at + 1] && column < region[at + 3];`,
  classes: `let label = insideLabels[index];
  let isClass = label >= 0 && label < u.classes;
  let isInside = isClass && region[image * u.classes + select(0, label, isClass)] > 0.5;`,
};

const kernel = defineKernel({
  name: 'mixRegions',
  uniforms: { size: 'i32', height: 'i32', width: 'i32', channels: 'i32', classes: 'i32' },
  inputs: { insideImages: 'f32', insideLabels: 'i32', outsideImages: 'f32', outsideLabels: 'i32', region: 'f32' },
  outputs: { images: 'f32', labels: 'i32', mask: 'f32' },
  wgsl: ({ by }: { readonly by: Region }) =>
    perElement(
      'u.size',
      `let image = index / (u.height * u.width);
  ${IS_INSIDE[by]}
  mask[index] = select(0.0, 1.0, isInside);
  labels[index] = select(outsideLabels[index], insideLabels[index], isInside);
  for (var c = 0; c < u.channels; c++) {
    let at = index * u.channels + c;
    images[at] = select(outsideImages[at], insideImages[at], isInside);
  }`,
    ),
});

/** `inside` in the region, `outside` elsewhere; see `mixRegions.ts` for shapes. */
export function fusedMix(
  inside: LabelledImages,
  outside: LabelledImages,
  region: tf.Tensor2D,
  by: Region,
): MixedImages {
  const [batch, height, width, channels] = inside.images.shape;
  const size = batch * height * width;
  const { shape } = inside.labels;
  return kernel.run({
    spec: { by },
    inputs: {
      ...{ insideImages: inside.images, insideLabels: inside.labels },
      ...{ outsideImages: outside.images, outsideLabels: outside.labels, region },
    },
    outputs: { images: inside.images.shape, labels: shape, mask: shape },
    threads: size,
    uniforms: { size, height, width, channels, classes: region.shape[1] },
  });
}
