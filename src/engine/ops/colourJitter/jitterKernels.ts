// Photometric jitter in two dispatches: partial sums of every image, then, per workgroup, their mean and the jittered pixels.
import { defineKernel } from '../../gpu/kernel.ts';
import { WORKGROUP, workgroupSum } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

const UNIFORMS = { pixels: 'i32', chunk: 'i32', chunks: 'i32', limit: 'f32' } as const;

const ENTRY = `${workgroupSum('total', 'f32')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let image = i32(group.y);
  let end = min(u.pixels, (i32(group.x) + 1) * u.chunk);`;

const sums = defineKernel({
  name: 'jitterSums',
  uniforms: UNIFORMS,
  inputs: { images: 'f32' },
  outputs: { partial: 'f32' },
  wgsl: () => `${ENTRY}
  var sum = 0.0;
  for (var pixel = i32(group.x) * u.chunk + i32(thread); pixel < end; pixel += ${WORKGROUP}) {
    let at = 3 * (image * u.pixels + pixel);
    sum += images[at] + images[at + 1] + images[at + 2];
  }
  let all = total(thread, sum);
  if (thread == 0u) { partial[image * u.chunks + i32(group.x)] = all; }
}`,
});

const apply = defineKernel({
  name: 'jitterApply',
  uniforms: UNIFORMS,
  inputs: { images: 'f32', factors: 'f32', partial: 'f32' },
  outputs: { jittered: 'f32' },
  wgsl: () => `var<workgroup> mean: f32;
${ENTRY}
  var share = 0.0;
  for (var k = i32(thread); k < u.chunks; k += ${WORKGROUP}) { share += partial[image * u.chunks + k]; }
  let all = total(thread, share);
  if (thread == 0u) { mean = all / f32(3 * u.pixels); }
  workgroupBarrier();
  let row = 6 * image;
  let offset = factors[row + 2] + vec3f(factors[row + 3], factors[row + 4], factors[row + 5]);
  for (var pixel = i32(group.x) * u.chunk + i32(thread); pixel < end; pixel += ${WORKGROUP}) {
    let at = 3 * (image * u.pixels + pixel);
    let contrasted = (vec3f(images[at], images[at + 1], images[at + 2]) - mean) * factors[row] + mean;
    let grey = (contrasted.x + contrasted.y + contrasted.z) / 3.0;
    let result = clamp((contrasted - grey) * factors[row + 1] + grey + offset, vec3f(-u.limit), vec3f(u.limit));
    jittered[at] = result.x;
    jittered[at + 1] = result.y;
    jittered[at + 2] = result.z;
  }
}`,
});

const PIXELS_PER_WORKGROUP = 1024;

/** As `colourJitter`, values held within ±`limit`. No gradient: factors and images are data. */
export function jitterImages(images: tf.Tensor4D, factors: tf.Tensor2D, limit: number): tf.Tensor4D {
  const [batch, height, width] = images.shape;
  const pixels = height * width;
  const chunks = Math.ceil(pixels / PIXELS_PER_WORKGROUP);
  const launch = {
    workgroups: [chunks, batch, 1] as const,
    uniforms: { pixels, chunk: PIXELS_PER_WORKGROUP, chunks, limit },
  };
  return tf.tidy(() => {
    const { partial } = sums.run({ ...launch, inputs: { images }, outputs: { partial: [batch, chunks] } });
    const inputs = { images, factors, partial };
    return apply.run({ ...launch, inputs, outputs: { jittered: images.shape } }).jittered;
  });
}
