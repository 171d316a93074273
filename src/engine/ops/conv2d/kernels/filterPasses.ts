// The gradient to the filter as runs of a kernel: slices of output rows, and a second kernel that adds them.
import { isSoftwareDevice, subgroupLanes } from '../../../gpu/program.ts';
import type { TensorInfo } from '../../../tf.ts';
import type { BroadcastFilter, FilterVariant, RegisterFilter, TiledFilter } from '../choice/variants.ts';
import { TARGET_THREADS } from './dispatches.ts';
import { FILTER_ROWS, filterBroadcastKernel } from './filterBroadcast.wgsl.ts';
import { filterGradientKernel } from './filterGradient.wgsl.ts';
import { SOFTWARE_THREADS } from './gatherPasses.ts';
import { type ConvShape, filterShape } from './shape.ts';
import { sumOverSlices } from './sums.ts';
import { WORKGROUP_SIZE, windowOf } from './tile.ts';
import { TILED_THREADS, tiledFilterKernel } from './tiled.wgsl.ts';

interface Inputs {
  /** x */
  readonly source: TensorInfo;
  /** dy */
  readonly upstream: TensorInfo;
}

/** The gradient to the filter with one kernel. */
export function filterPass(shape: ConvShape, variant: FilterVariant, inputs: Inputs): TensorInfo {
  switch (variant.kind) {
    case 'register filter':
      return withRegisters(shape, variant, inputs);
    case 'broadcast filter':
      return withBroadcasts(shape, variant, inputs);
    case 'tiled filter':
      return withTiles(shape, variant, inputs);
  }
}

/** What all kernels have to know. */
function sizesOf({ batch, padding, ...shape }: ConvShape) {
  const { outHeight, outWidth, inHeight, inWidth, inChannels, outChannels, kernelWidth } = shape;
  const maps = { outHeight, outWidth, inHeight, inWidth, inChannels, outChannels, kernelWidth };
  return { rows: batch * outHeight, ...maps, ...windowOf(shape, padding.top, padding.left) };
}

function withRegisters(shape: ConvShape, tile: RegisterFilter, inputs: Inputs): TensorInfo {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outWidth, reflect } = shape;
  const inputTiles = Math.ceil(inChannels / tile.inputs);
  const outputTiles = Math.ceil(outChannels / tile.outputs);
  const tiles = kernelHeight * kernelWidth * inputTiles * outputTiles;
  const sizes = sizesOf(shape);
  const work = {
    rows: sizes.rows,
    wanted: TARGET_THREADS / tiles,
    flopsPerRow: 2 * WORKGROUP_SIZE * tile.inputs * tile.outputs * outWidth,
    workgroups: (slices: number) => Math.ceil((tiles * slices) / WORKGROUP_SIZE),
    uniforms: { ...sizes, tiles, inputTiles, outputTiles },
  };
  const spec = {
    ...{ reflect, inputs: tile.inputs, outputs: tile.outputs },
    inputVectors: inChannels % 4 === 0,
    outputVectors: outChannels % 4 === 0,
  };
  return sumOverSlices(filterShape(shape), work, (call) => filterGradientKernel.enqueue({ spec, inputs, ...call }));
}

/** Workgroups that an adapter which computes on the CPU is given: some for every core. */
const SOFTWARE_WORKGROUPS = 16;

function withBroadcasts(shape: ConvShape, { outputs, splits }: BroadcastFilter, inputs: Inputs): TensorInfo {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outWidth, reflect } = shape;
  const software = isSoftwareDevice();
  const lanes = subgroupLanes() ?? 1;
  const threads = Math.max(lanes, software ? SOFTWARE_THREADS : WORKGROUP_SIZE);
  const filterRows = kernelHeight * kernelWidth * inChannels;
  const rowGroups = Math.ceil(filterRows / FILTER_ROWS / threads);
  const outputTiles = Math.ceil(outChannels / outputs);
  const sizes = sizesOf(shape);
  const workgroups = software ? SOFTWARE_WORKGROUPS : TARGET_THREADS / threads;
  const outputVectors = !software && outChannels % 4 === 0 && outputs % 4 === 0;
  const stores = (FILTER_ROWS * outputs) / (outputVectors ? 4 : 1);
  const work = {
    rows: sizes.rows,
    wanted: (splits * workgroups) / (rowGroups * outputTiles),
    flopsPerRow: 2 * threads * FILTER_ROWS * outputs * outWidth,
    workgroups: (slices: number) => rowGroups * outputTiles * slices,
    uniforms: { ...sizes, rowGroups, filterRows, outputTiles, stores },
  };
  const spec = {
    ...{ reflect, outputs },
    depth: software ? 1 : 4, // as in gatherPasses.ts
    ...{ threads, lanes },
    inputVectors: inChannels % 4 === 0,
    outputVectors,
    loopedStores: software,
  } as const;
  return sumOverSlices(filterShape(shape), work, (call) => filterBroadcastKernel.enqueue({ spec, inputs, ...call }));
}

/** Workgroups that a tiled sum is cut into at least: several for every core of a large GPU. */
const TILED_WORKGROUPS = 512;

function withTiles(shape: ConvShape, { rows, outputs, precision }: TiledFilter, inputs: Inputs): TensorInfo {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outWidth, reflect } = shape;
  const filterRows = kernelHeight * kernelWidth * inChannels;
  const rowGroups = Math.ceil(filterRows / rows);
  const outputTiles = Math.ceil(outChannels / outputs);
  const sizes = sizesOf(shape);
  const work = {
    rows: sizes.rows,
    wanted: TILED_WORKGROUPS / (rowGroups * outputTiles),
    flopsPerRow: 2 * rows * outputs * outWidth,
    workgroups: (slices: number) => rowGroups * outputTiles * slices,
    uniforms: { ...sizes, rowGroups, filterRows, outputTiles, stores: (rows * outputs) / TILED_THREADS },
  };
  const spec = { reflect, rows, outputs, half: precision === 'f16' };
  return sumOverSlices(filterShape(shape), work, (call) => tiledFilterKernel.enqueue({ spec, inputs, ...call }));
}
