// Counts pairs of classes with integer atomics in workgroup memory, one matrix for every workgroup, then adds the matrices:
// whole numbers, so exact and the same in any order.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, WORKGROUP, workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

/** The matrix must fit in the 16 KiB of workgroup memory that every adapter has. */
export const MAX_COUNTED_CLASSES = 64;
const MAX_GROUPS = 64;
const PIXELS_PER_THREAD = 16;

const UNIFORMS = { pixels: 'i32', groups: 'i32' } as const;
type Family = ProgramFamily<{ readonly classes: number }, keyof typeof UNIFORMS>;

const perWorkgroup: Family = {
  name: 'confusionPerWorkgroup',
  uniforms: UNIFORMS,
  wgsl: ({ classes }) => {
    const buffers: Buffers = { reads: { truth: 'i32', predicted: 'i32' }, writes: { partial: 'i32' } };
    const cells = classes * classes;
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
var<workgroup> counts: array<atomic<i32>, ${cells}>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  // Workgroup memory starts as zeros.
  for (var pixel = i32(group.x * ${WORKGROUP}u + thread); pixel < u.pixels; pixel += u.groups * ${WORKGROUP}) {
    let t = truth[pixel];
    let p = predicted[pixel];
    if (t >= 0 && t < ${classes} && p >= 0 && p < ${classes}) { atomicAdd(&counts[t * ${classes} + p], 1); }
  }
  workgroupBarrier();
  for (var cell = i32(thread); cell < ${cells}; cell += ${WORKGROUP}) {
    partial[i32(group.x) * ${cells} + cell] = atomicLoad(&counts[cell]);
  }
}`;
  },
};

const addUp: Family = {
  name: 'confusionAddUp',
  uniforms: UNIFORMS,
  wgsl: ({ classes }) => {
    const buffers: Buffers = { reads: { partial: 'i32' }, writes: { total: 'i32' } };
    const cells = classes * classes;
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement(
  `${cells}`,
  `var sum = 0;
  for (var group = 0; group < u.groups; group++) { sum += partial[group * ${cells} + index]; }
  total[index] = sum;`,
)}`;
  },
};

/** int32 [classes * classes]: two dispatches. */
export function countPairs(truth: tf.Tensor3D, predicted: tf.Tensor3D, classes: number): tf.Tensor1D {
  const cells = classes * classes;
  const groups = Math.min(MAX_GROUPS, Math.ceil(truth.size / (WORKGROUP * PIXELS_PER_THREAD)));
  const uniforms = { pixels: truth.size, groups };
  return tf.tidy(() => {
    const partial = runTensor({
      family: perWorkgroup,
      spec: { classes },
      inputs: [tf.cast(truth, 'int32'), tf.cast(predicted, 'int32')],
      outputs: [{ shape: [groups, cells], dtype: 'int32' }],
      dispatches: [{ workgroups: [groups, 1, 1], uniforms }],
    });
    return runTensor({
      family: addUp,
      spec: { classes },
      inputs: [partial],
      outputs: [{ shape: [cells], dtype: 'int32' }],
      dispatches: [{ workgroups: workgroupsFor(cells), uniforms }],
    }) as tf.Tensor1D;
  });
}
