// Geometric views in one dispatch, a thread per pixel.
import { defineKernel } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { LOCATE } from './bilinearTaps.ts';

const kernel = defineKernel({
  name: 'warpImages',
  uniforms: { pixels: 'i32', batch: 'i32', height: 'i32', width: 'i32', channels: 'i32' },
  inputs: { images: 'f32', maps: 'f32' },
  outputs: { views: 'f32' },
  wgsl: () => `fn at(image: i32, i: i32, j: i32) -> i32 {
  return ((image * u.height + clamp(i, 0, u.height - 1)) * u.width + clamp(j, 0, u.width - 1)) * u.channels;
}
${perElement(
  'u.pixels',
  `let row = index / (u.height * u.width);
  let i = index / u.width % u.height;
  let j = index % u.width;
  ${LOCATE}
  let image = row % u.batch;
  let a = at(image, top, left);
  let b = at(image, top, left + 1);
  let c = at(image, top + 1, left);
  let d = at(image, top + 1, left + 1);
  let wa = (1.0 - right) * (1.0 - below);
  let wb = right * (1.0 - below);
  let wc = (1.0 - right) * below;
  let wd = right * below;
  for (var k = 0; k < u.channels; k++) {
    views[index * u.channels + k] = images[a + k] * wa + images[b + k] * wb + images[c + k] * wc + images[d + k] * wd;
  }`,
)}`,
});

/** As `warpImages`. */
export function warp(images: tf.Tensor4D, toImage: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const [views] = toImage.shape;
  const pixels = views * height * width;
  const warped = kernel.run({
    inputs: { images, maps: toImage },
    outputs: { views: [views, height, width, channels] },
    threads: pixels,
    uniforms: { pixels, batch, height, width, channels },
  });
  return warped.views;
}
