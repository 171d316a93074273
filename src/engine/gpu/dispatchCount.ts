// Counts what is sent to the GPU: on many small kernels the count, not the arithmetic, is what a step costs.

let dispatches = 0;
const counted = new WeakSet<object>();

/** Starts counting on this host's WebGPU; more calls change nothing. */
export function countDispatches(): void {
  const pass: unknown = Reflect.get(globalThis, 'GPUComputePassEncoder');
  if (typeof pass !== 'function' || counted.has(pass)) return;
  counted.add(pass);
  const encoder = pass.prototype as GPUComputePassEncoder;
  const dispatch = encoder.dispatchWorkgroups;
  encoder.dispatchWorkgroups = function (this: GPUComputePassEncoder, ...workgroups) {
    dispatches += 1;
    return dispatch.apply(this, workgroups);
  };
}

/** Compute dispatches encoded since the page or process began; 0 without WebGPU. */
export function dispatchCount(): number {
  return dispatches;
}
