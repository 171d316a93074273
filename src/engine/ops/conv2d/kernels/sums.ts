// Two deterministic sums: over the slices that a program left behind, and over the pixels of a map.
import { disposeIntermediate, isSoftwareDevice, runProgram } from '../../../gpu/program.ts';
import { vectorWidth, workgroupsFor } from '../../../gpu/wgsl.ts';
import type { TensorInfo } from '../../../tf.ts';
import { dispatchFlops, TARGET_THREADS } from './dispatches.ts';
import { sumPixelsProgram, sumSlicesProgram } from './small.wgsl.ts';

// A sum loads a number for every addition and uses it once: so much longer than an operation of a convolution.
const FLOPS_PER_LOAD = 8;
/** Threads that sum pixels on an adapter which computes on the CPU. */
const SOFTWARE_THREADS = 512;

/** Sum over all axes but the last of `map` [n, h, w, channels]: the gradient to a bias. */
export function sumPixelsPass(map: TensorInfo): TensorInfo {
  const channels = map.shape.at(-1) ?? 1;
  const pixels = map.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const width = vectorWidth(channels);
  const vectors = channels / width;
  // Long sums leave the second stage little to add, but a GPU has to be filled.
  const threads = isSoftwareDevice() ? SOFTWARE_THREADS : TARGET_THREADS;
  const pixelsPerSlice = Math.max(32, Math.ceil(pixels / Math.ceil(threads / vectors)));
  const slices = Math.ceil(pixels / pixelsPerSlice);
  const [parts] = runProgram({
    family: sumPixelsProgram,
    spec: { width },
    inputs: [map],
    outputs: [{ shape: slices === 1 ? [channels] : [slices, channels] }],
    dispatches: [
      {
        workgroups: workgroupsFor(slices * vectors),
        uniforms: { channels: vectors, pixels, slices, pixelsPerSlice },
      },
    ],
  });
  return sumSlices(parts as TensorInfo, slices, [channels]);
}

/** [slices, ...shape] to `shape`; `parts` is given back. */
export function sumSlices(parts: TensorInfo, slices: number, shape: readonly number[]): TensorInfo {
  if (slices === 1) return parts;
  const size = shape.reduce((product, length) => product * length, 1);
  const [sum] = runProgram({
    family: sumSlicesProgram,
    spec: {},
    inputs: [parts],
    outputs: [{ shape }],
    dispatches: ranges(size, Math.floor(dispatchFlops() / FLOPS_PER_LOAD / slices)).map(([start, end]) => ({
      workgroups: workgroupsFor(end - start),
      uniforms: { start, end, size, slices },
    })),
  });
  disposeIntermediate(parts);
  return sum as TensorInfo;
}

/** 0 to `size` in pieces of at most `longest`. */
function ranges(size: number, longest: number): [start: number, end: number][] {
  const step = Math.max(1, longest);
  return Array.from({ length: Math.ceil(size / step) }, (_, i) => [i * step, Math.min(size, (i + 1) * step)]);
}
