// Photometric jitter in two dispatches: partial sums of every image, then, per workgroup, their mean and the jittered pixels.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, uniformBinding, WORKGROUP, workgroupSum } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

const UNIFORMS = { pixels: 'i32', chunk: 'i32', chunks: 'i32', limit: 'f32' } as const;
type Family = ProgramFamily<Record<string, never>, keyof typeof UNIFORMS>;

const entry = (buffers: Buffers): string => `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${workgroupSum('total', 'f32')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let image = i32(group.y);
  let end = min(u.pixels, (i32(group.x) + 1) * u.chunk);`;

const sums: Family = {
  name: 'jitterSums',
  uniforms: UNIFORMS,
  wgsl: () => `
${entry({ reads: { images: 'f32' }, writes: { partial: 'f32' } })}
  var sum = 0.0;
  for (var pixel = i32(group.x) * u.chunk + i32(thread); pixel < end; pixel += ${WORKGROUP}) {
    let at = 3 * (image * u.pixels + pixel);
    sum += images[at] + images[at + 1] + images[at + 2];
  }
  let all = total(thread, sum);
  if (thread == 0u) { partial[image * u.chunks + i32(group.x)] = all; }
}`,
};

const apply: Family = {
  name: 'jitterApply',
  uniforms: UNIFORMS,
  wgsl: () => `
var<workgroup> mean: f32;
${entry({ reads: { images: 'f32', factors: 'f32', partial: 'f32' }, writes: { jittered: 'f32' } })}
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
};

const PIXELS_PER_WORKGROUP = 1024;

/** As `colourJitter`, values held within ±`limit`. No gradient: factors and images are data. */
export function jitterImages(images: tf.Tensor4D, factors: tf.Tensor2D, limit: number): tf.Tensor4D {
  const [batch, height, width] = images.shape;
  const pixels = height * width;
  const chunks = Math.ceil(pixels / PIXELS_PER_WORKGROUP);
  const dispatches = [
    {
      workgroups: [chunks, batch, 1] as const,
      uniforms: { pixels, chunk: PIXELS_PER_WORKGROUP, chunks, limit },
    },
  ];
  return tf.tidy(() => {
    const partial = runTensor({
      family: sums,
      spec: {},
      inputs: [images],
      outputs: [{ shape: [batch, chunks] }],
      dispatches,
    });
    const inputs = [images, factors, partial];
    return runTensor({
      family: apply,
      spec: {},
      inputs,
      outputs: [{ shape: images.shape }],
      dispatches,
    }) as tf.Tensor4D;
  });
}
