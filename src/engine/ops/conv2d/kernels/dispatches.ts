// Cuts the work of a program so that no dispatch runs long, and sums so that a large GPU is full.
import { type Dispatch, isSoftwareDevice } from '../../../gpu/program.ts';

/**
 * Floating-point operations of one dispatch at most, for a GPU and for an adapter that computes on the CPU: 50 ms at 8 and
 * at 0.7 GFLOP/s, so that no watchdog takes it for hung. A large GPU is busy with it for some tens of microseconds, many
 * times what a dispatch costs to start. On lavapipe the slowest pass of DeepLab v2 has come to 0.8 GFLOP/s on a
 * crowded machine (`tools/measure/benchConv.mjs long`).
 */
const DISPATCH_FLOPS = { hardware: 4e8, software: 3.5e7 } as const;
const MAX_WORKGROUPS = 65_535;
/** Workgroups that a dispatch should have room for: one alone would leave all cores but one idle. */
const SHARES = 8;
const FEWEST_WORKGROUPS = 2;
/** Threads that split sums aim for: enough to fill a large GPU. */
export const TARGET_THREADS = 8192;

/** Floating-point operations of one dispatch at most, on the open device. */
export function dispatchFlops(): number {
  return DISPATCH_FLOPS[isSoftwareDevice() ? 'software' : 'hardware'];
}

/** `workgroups` pieces of work as dispatches of at most DISPATCH_FLOPS each, told apart by `start`. */
export function split<Names extends string>(
  workgroups: number,
  flopsEach: number,
  depth: number,
  uniforms: Readonly<Record<Names | 'start', number>>,
): Dispatch<Names | 'start'>[] {
  const fitting = Math.floor(dispatchFlops() / (flopsEach * depth));
  const atOnce = Math.min(MAX_WORKGROUPS, Math.max(FEWEST_WORKGROUPS, fitting));
  const dispatches: Dispatch<Names | 'start'>[] = [];
  for (let start = 0; start < workgroups; start += atOnce) {
    dispatches.push({
      workgroups: [Math.min(atOnce, workgroups - start), 1, depth],
      uniforms: { ...uniforms, start },
    });
  }
  return dispatches;
}

/**
 * `rows` cut into about `wanted` slices of equal length, more where a workgroup that needs `flopsPerRow` for each would run
 * long: [rows per slice, slices].
 */
export function slicesOf(rows: number, wanted: number, flopsPerRow: number): [rowsPerSlice: number, slices: number] {
  const longest = Math.max(1, Math.floor(dispatchFlops() / SHARES / flopsPerRow));
  const rowsPerSlice = Math.min(longest, Math.ceil(rows / Math.min(rows, Math.max(1, Math.ceil(wanted)))));
  return [rowsPerSlice, Math.ceil(rows / rowsPerSlice)];
}
