// The gradient to the filter as runs of a program: slices of output rows, and a second program that adds them.
import { isSoftwareDevice, runProgram, subgroupLanes } from '../../../gpu/program.ts';
import type { TensorInfo } from '../../../tf.ts';
import type { BroadcastFilter, FilterVariant, RegisterFilter, TiledFilter } from '../choice/variants.ts';
import { slicesOf, split, TARGET_THREADS } from './dispatches.ts';
import { FILTER_ROWS, filterBroadcastProgram } from './filterBroadcast.wgsl.ts';
import { filterGradientProgram } from './filterGradient.wgsl.ts';
import { SOFTWARE_THREADS } from './gatherPasses.ts';
import { type ConvShape, filterShape } from './shape.ts';
import { sumSlices } from './sums.ts';
import { WORKGROUP_SIZE } from './tile.ts';
import { TILED_THREADS, tiledFilterProgram } from './tiled.wgsl.ts';

/** `inputs`: x and dy. */
export function filterPass(shape: ConvShape, variant: FilterVariant, inputs: readonly TensorInfo[]): TensorInfo {
  switch (variant.kind) {
    case 'register filter':
      return withRegisters(shape, variant, inputs);
    case 'broadcast filter':
      return withBroadcasts(shape, variant, inputs);
    case 'tiled filter':
      return withTiles(shape, variant, inputs);
  }
}

/** What both programs have to know. */
function sizesOf({ batch, stride, dilation, padding, ...shape }: ConvShape) {
  const { outHeight, outWidth, inHeight, inWidth, inChannels, outChannels, kernelWidth } = shape;
  return {
    start: 0,
    rows: batch * outHeight,
    outHeight,
    outWidth,
    inHeight,
    inWidth,
    inChannels,
    outChannels,
    kernelWidth,
    strideY: stride[0],
    strideX: stride[1],
    dilationY: dilation[0],
    dilationX: dilation[1],
    top: padding.top,
    left: padding.left,
  };
}

function withRegisters(shape: ConvShape, tile: RegisterFilter, inputs: readonly TensorInfo[]): TensorInfo {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outWidth, reflect } = shape;
  const { inputs: tileInputs, outputs } = tile;
  const inputTiles = Math.ceil(inChannels / tileInputs);
  const outputTiles = Math.ceil(outChannels / outputs);
  const tiles = kernelHeight * kernelWidth * inputTiles * outputTiles;
  const sizes = sizesOf(shape);
  const flopsPerRow = 2 * WORKGROUP_SIZE * tileInputs * outputs * outWidth;
  const [rowsPerSlice, slices] = slicesOf(sizes.rows, TARGET_THREADS / tiles, flopsPerRow);
  const [parts] = runProgram({
    family: filterGradientProgram,
    spec: {
      reflect,
      inputs: tileInputs,
      outputs,
      inputVectors: inChannels % 4 === 0,
      outputVectors: outChannels % 4 === 0,
    },
    inputs,
    outputs: [{ shape: slices === 1 ? filterShape(shape) : [slices, ...filterShape(shape)] }],
    dispatches: split(Math.ceil((tiles * slices) / WORKGROUP_SIZE), flopsPerRow * rowsPerSlice, 1, {
      ...sizes,
      tiles,
      inputTiles,
      outputTiles,
      slices,
      rowsPerSlice,
    }),
  });
  return sumSlices(parts as TensorInfo, slices, filterShape(shape));
}

/** Workgroups that an adapter which computes on the CPU is given: some for every core. */
const SOFTWARE_WORKGROUPS = 16;

function withBroadcasts(shape: ConvShape, variant: BroadcastFilter, inputs: readonly TensorInfo[]): TensorInfo {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outWidth, reflect } = shape;
  const { outputs, splits } = variant;
  const software = isSoftwareDevice();
  const lanes = subgroupLanes() ?? 1;
  const threads = Math.max(lanes, software ? SOFTWARE_THREADS : WORKGROUP_SIZE);
  const filterRows = kernelHeight * kernelWidth * inChannels;
  const rowGroups = Math.ceil(filterRows / FILTER_ROWS / threads);
  const outputTiles = Math.ceil(outChannels / outputs);
  const sizes = sizesOf(shape);
  const workgroups = software ? SOFTWARE_WORKGROUPS : TARGET_THREADS / threads;
  const flopsPerRow = 2 * threads * FILTER_ROWS * outputs * outWidth;
  const wanted = (splits * workgroups) / (rowGroups * outputTiles);
  const [rowsPerSlice, slices] = slicesOf(sizes.rows, wanted, flopsPerRow);
  const outputVectors = !software && outChannels % 4 === 0 && outputs % 4 === 0;
  const [parts] = runProgram({
    family: filterBroadcastProgram,
    spec: {
      reflect,
      outputs,
      depth: software ? 1 : 4, // as in gatherPasses.ts
      threads,
      lanes,
      inputVectors: inChannels % 4 === 0,
      outputVectors,
      loopedStores: software,
    },
    inputs,
    outputs: [{ shape: slices === 1 ? filterShape(shape) : [slices, ...filterShape(shape)] }],
    dispatches: split(rowGroups * outputTiles * slices, flopsPerRow * rowsPerSlice, 1, {
      ...sizes,
      rowGroups,
      filterRows,
      outputTiles,
      rowsPerSlice,
      stores: (FILTER_ROWS * outputs) / (outputVectors ? 4 : 1),
    }),
  });
  return sumSlices(parts as TensorInfo, slices, filterShape(shape));
}

/** Workgroups that a tiled sum is cut into at least: several for every core of a large GPU. */
const TILED_WORKGROUPS = 512;

function withTiles(shape: ConvShape, variant: TiledFilter, inputs: readonly TensorInfo[]): TensorInfo {
  const { rows, outputs, precision } = variant;
  const { inChannels, outChannels, kernelHeight, kernelWidth, outWidth, reflect } = shape;
  const filterRows = kernelHeight * kernelWidth * inChannels;
  const rowGroups = Math.ceil(filterRows / rows);
  const outputTiles = Math.ceil(outChannels / outputs);
  const sizes = sizesOf(shape);
  const flopsPerRow = 2 * rows * outputs * outWidth;
  const [rowsPerSlice, slices] = slicesOf(sizes.rows, TILED_WORKGROUPS / (rowGroups * outputTiles), flopsPerRow);
  const [parts] = runProgram({
    family: tiledFilterProgram,
    spec: { reflect, rows, outputs, half: precision === 'f16' },
    inputs,
    outputs: [{ shape: slices === 1 ? filterShape(shape) : [slices, ...filterShape(shape)] }],
    dispatches: split(rowGroups * outputTiles * slices, flopsPerRow * rowsPerSlice, 1, {
      ...sizes,
      rowGroups,
      filterRows,
      outputTiles,
      rowsPerSlice,
      stores: (rows * outputs) / TILED_THREADS,
    }),
  });
  return sumSlices(parts as TensorInfo, slices, filterShape(shape));
}
