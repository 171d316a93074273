// Pieces of WGSL that our kernels share: one thread per element, a choice of buffers, and a sum over a workgroup in a fixed order.

/** Threads of a workgroup where nothing speaks for another number. */
export const WORKGROUP = 64;
// WebGPU guarantees this many workgroups along an axis.
const MAX_WORKGROUPS = 65_535;

/** Workgroups for at least `threads` threads of {@link perElement}, spread over two axes where one is too short. */
export function workgroupsFor(threads: number): [number, number, number] {
  const groups = Math.max(1, Math.ceil(threads / WORKGROUP));
  const rows = Math.ceil(groups / MAX_WORKGROUPS);
  return [Math.ceil(groups / rows), rows, 1];
}

/** Entry point with one thread per element: `body` sees its number as `index` (i32), below `count` (a WGSL expression). */
export function perElement(count: string, body: string, index = 'index'): string {
  return `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let ${index} = i32(id.y * groups.x * ${WORKGROUP}u + id.x);
  if (${index} >= ${count}) { return; }
  ${body}
}`;
}

/** Statement that runs the `text` of the number that `selector` (a WGSL expression) has: buffers have no index. */
export function choose(selector: string, count: number, text: (k: number) => string): string {
  const cases = Array.from({ length: count }, (_, k) => `case ${k}: { ${text(k)} }`);
  return `switch ${selector} { ${cases.join(' ')} default: {} }`;
}

/**
 * How many numbers an element-wise program loads at once from buffers of `size`: four where that comes out even. A software
 * adapter, which tests every lane's index, then takes a quarter of the time.
 */
export function vectorWidth(size: number): 1 | 4 {
  return size % 4 === 0 ? 4 : 1;
}

/** WGSL type of so many numbers. */
export function vectorType(width: 1 | 4): 'f32' | 'vec4f' {
  return width === 4 ? 'vec4f' : 'f32';
}

/**
 * `fn name(thread, value) -> value`: for thread 0 the sum of `value` over the workgroup's threads, in their order, for the
 * others 0. All threads must call it, once. A tree has fewer steps, and every level of it costs a software driver as much
 * compiling as a small program.
 */
export function workgroupSum(name: string, type: string): string {
  return `
var<workgroup> ${name}Terms: array<${type}, ${WORKGROUP}>;
fn ${name}(thread: u32, value: ${type}) -> ${type} {
  ${name}Terms[thread] = value;
  workgroupBarrier();
  var sum = ${type}();
  if (thread == 0u) { for (var other = 0; other < ${WORKGROUP}; other++) { sum += ${name}Terms[other]; } }
  return sum;
}`;
}
