// Two deterministic sums: over the slices that a program left behind, and over the pixels of a map.
import { type Dispatch, disposeIntermediate, isSoftwareDevice } from '../../../gpu/program.ts';
import { vectorWidth, workgroupsFor } from '../../../gpu/wgsl.ts';
import type { TensorInfo } from '../../../tf.ts';
import { dispatchFlops, slicesOf, split, TARGET_THREADS } from './dispatches.ts';
import { sumPixelsKernel, sumSlicesKernel } from './small.wgsl.ts';

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
  const { result } = sumPixelsKernel.enqueue({
    spec: { width },
    inputs: { map },
    outputs: { result: slicedShape(slices, [channels]) },
    threads: slices * vectors,
    uniforms: { channels: vectors, pixels, slices, pixelsPerSlice },
  });
  return sumSlices(result, slices, [channels]);
}

/** A sum over rows that a kernel takes slice by slice. */
export interface SlicedWork<Names extends string> {
  readonly rows: number;
  /** Slices, if none would run long. */
  readonly wanted: number;
  /** Of a workgroup. */
  readonly flopsPerRow: number;
  readonly workgroups: (slices: number) => number;
  readonly uniforms: Readonly<Record<Names, number>>;
}
type SliceUniform = 'start' | 'slices' | 'rowsPerSlice';
interface SlicedCall<Names extends string> {
  readonly outputs: { readonly result: readonly number[] };
  readonly dispatches: Dispatch<Names | SliceUniform>[];
}

/** What `enqueue` writes for every slice, added up: a tensor of `shape`. */
export function sumOverSlices<Names extends string>(
  shape: readonly number[],
  { rows, wanted, flopsPerRow, workgroups, uniforms }: SlicedWork<Names>,
  enqueue: (call: SlicedCall<Names>) => { readonly result: TensorInfo },
): TensorInfo {
  const [rowsPerSlice, slices] = slicesOf(rows, wanted, flopsPerRow);
  const all = { ...uniforms, start: 0, slices, rowsPerSlice };
  const { result } = enqueue({
    outputs: { result: slicedShape(slices, shape) },
    dispatches: split<Names | SliceUniform>(workgroups(slices), flopsPerRow * rowsPerSlice, 1, all),
  });
  return sumSlices(result, slices, shape);
}

function slicedShape(slices: number, shape: readonly number[]): readonly number[] {
  return slices === 1 ? shape : [slices, ...shape];
}

/** [slices, ...shape] to `shape`; `parts` is given back. */
export function sumSlices(parts: TensorInfo, slices: number, shape: readonly number[]): TensorInfo {
  if (slices === 1) return parts;
  const size = shape.reduce((product, length) => product * length, 1);
  const { result } = sumSlicesKernel.enqueue({
    inputs: { parts },
    outputs: { result: shape },
    dispatches: ranges(size, Math.floor(dispatchFlops() / FLOPS_PER_LOAD / slices)).map(([start, end]) => ({
      workgroups: workgroupsFor(end - start),
      uniforms: { start, end, size, slices },
    })),
  });
  disposeIntermediate(parts);
  return result;
}

/** 0 to `size` in pieces of at most `longest`. */
function ranges(size: number, longest: number): [start: number, end: number][] {
  const step = Math.max(1, longest);
  return Array.from({ length: Math.ceil(size / step) }, (_, i) => [i * step, Math.min(size, (i + 1) * step)]);
}
