// Counts pairs of classes with integer atomics in workgroup memory, one matrix for every workgroup, then adds the matrices:
// whole numbers, so exact and the same in any order.
import { defineKernel } from '../../gpu/kernel.ts';
import type { ProgramSpec } from '../../gpu/program.ts';
import { perElement, WORKGROUP } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

/** The matrix must fit in the 16 KiB of workgroup memory that every adapter has. */
export const MAX_COUNTED_CLASSES = 64;
const MAX_GROUPS = 64;
const PIXELS_PER_THREAD = 16;

const UNIFORMS = { pixels: 'i32', groups: 'i32' } as const;
interface Spec extends ProgramSpec {
  readonly classes: number;
}

const perWorkgroup = defineKernel({
  name: 'confusionPerWorkgroup',
  uniforms: UNIFORMS,
  inputs: { truth: 'i32', predicted: 'i32' },
  outputs: { partial: 'i32' },
  wgsl: ({ classes }: Spec) => {
    const cells = classes * classes;
    return `var<workgroup> counts: array<atomic<i32>, ${cells}>;
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
});

const addUp = defineKernel({
  name: 'confusionAddUp',
  uniforms: UNIFORMS,
  inputs: { partial: 'i32' },
  outputs: { total: 'i32' },
  wgsl: ({ classes }: Spec) => {
    const cells = classes * classes;
    return perElement(
      `${cells}`,
      `var sum = 0;
  for (var group = 0; group < u.groups; group++) { sum += partial[group * ${cells} + index]; }
  total[index] = sum;`,
    );
  },
});

/** int32 [classes * classes]: two dispatches. */
export function countPairs(truth: tf.Tensor3D, predicted: tf.Tensor3D, classes: number): tf.Tensor1D {
  const cells = classes * classes;
  const groups = Math.min(MAX_GROUPS, Math.ceil(truth.size / (WORKGROUP * PIXELS_PER_THREAD)));
  const uniforms = { pixels: truth.size, groups };
  return tf.tidy(() => {
    const { partial } = perWorkgroup.run({
      spec: { classes },
      inputs: { truth: tf.cast(truth, 'int32'), predicted: tf.cast(predicted, 'int32') },
      outputs: { partial: [groups, cells] },
      workgroups: [groups, 1, 1],
      uniforms,
    });
    const { total } = addUp.run({
      spec: { classes },
      inputs: { partial },
      outputs: { total: [cells] },
      threads: cells,
      uniforms,
    });
    return total;
  });
}
