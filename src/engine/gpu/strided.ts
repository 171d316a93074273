// Element-wise programs in few workgroups: every thread takes elements a stride apart, so that starting workgroups costs
// nothing beside the work. A software adapter runs them one after the other, at about a microsecond each.
import { isSoftwareDevice } from './program.ts';
import { WORKGROUP } from './wgsl.ts';

const MOST_WORKGROUPS = { hardware: 4096, software: 32 } as const;

/** How many numbers a program loads at once from buffers of `size`: four where that comes out even. */
export function vectorWidth(size: number): 1 | 4 {
  return size % 4 === 0 ? 4 : 1;
}

/** WGSL type of so many numbers. */
export function vectorType(width: 1 | 4): 'f32' | 'vec4f' {
  return width === 4 ? 'vec4f' : 'f32';
}

/** Entry point: `body` runs for every element, whose number it sees as `index` (i32), below `count` (a WGSL expression). */
export function perStride(count: string, body: string): string {
  return `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var index = i32(id.x); index < ${count}; index += i32(groups.x) * ${WORKGROUP}) {
    ${body}
  }
}`;
}

/** Workgroups of {@link perStride} for `elements`, on the open device. */
export function stridedWorkgroups(elements: number): [number, number, number] {
  const most = MOST_WORKGROUPS[isSoftwareDevice() ? 'software' : 'hardware'];
  return [Math.max(1, Math.min(most, Math.ceil(elements / WORKGROUP))), 1, 1];
}
