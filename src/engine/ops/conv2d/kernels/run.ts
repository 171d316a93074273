// The passes of a convolution as GPU programs: geometry into uniforms, register tile, and work cut so that no dispatch
// runs long. Takes and returns tensor infos; no tape. passes.ts holds the same passes for other backends.
import { type Dispatch, disposeIntermediate, isSoftwareDevice, runProgram } from '../../../gpu/program.ts';
import type { TensorInfo } from '../../../tf.ts';
import type { ResolvedConv } from '../../geometry.ts';
import { filterGradientProgram } from './filterGradient.wgsl.ts';
import { type GatherUniform, gatherProgram } from './gather.wgsl.ts';
import { sumPixelsProgram, sumSlicesProgram, swapChannelsProgram } from './small.wgsl.ts';
import { WORKGROUP_SIZE } from './tile.ts';
import { chooseFilterGradient, chooseGather } from './variants.ts';

export type Shape4D = [number, number, number, number];

/** A convolution and what lies beyond the border of its input. */
export interface BorderedConv extends ResolvedConv {
  readonly reflect: boolean;
}

/**
 * Floating-point operations of one dispatch at most, for a GPU and for an adapter that computes on the CPU: 50 ms at 8 and
 * at 2 GFLOP/s, so that no watchdog takes it for hung. A large GPU is busy with it for some tens of microseconds, many
 * times what a dispatch costs to start.
 */
const DISPATCH_FLOPS = { hardware: 4e8, software: 1e8 } as const;
const MAX_WORKGROUPS = 65_535;
/** Threads that the filter gradient and the pixel sums aim for: enough to fill a large GPU. */
export const TARGET_THREADS = 8192;

/** Output [n, oh, ow, out] = `outShape` of `x` and `filter` [kh, kw, in, out], plus `bias` [out]. */
export function forwardPass(
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  outShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  return gather('forward', x, filter, bias, outShape, conv);
}

/** Gradient to the input of shape `xShape`, given `dy` [n, oh, ow, out]. */
export function inputGradientPass(
  dy: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  xShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  return gather('toInput', dy, filter, bias, xShape, conv);
}

function gather(
  pass: 'forward' | 'toInput',
  source: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  outShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  const [batch, outHeight, outWidth, outer] = outShape;
  const [, inHeight, inWidth, inner] = source.shape as Shape4D;
  const [kernelHeight, kernelWidth] = filter.shape as Shape4D;
  const [strideY, strideX] = conv.stride;
  const inPhases = pass === 'toInput' && !conv.reflect;
  const spanHeight = inPhases ? Math.ceil(outHeight / strideY) : outHeight;
  const spanWidth = inPhases ? Math.ceil(outWidth / strideX) : outWidth;
  const phases = inPhases ? strideY * strideX : 1;
  const tile = chooseGather({ width: spanWidth, inner, outer, software: isSoftwareDevice() });
  const groups = Math.ceil((batch * spanHeight * Math.ceil(spanWidth / tile.pixels)) / WORKGROUP_SIZE);
  const uniforms: Record<GatherUniform, number> = {
    start: 0,
    groups,
    batch,
    spanHeight,
    spanWidth,
    outHeight,
    outWidth,
    inHeight,
    inWidth,
    inner,
    outer,
    kernelHeight,
    kernelWidth,
    strideY,
    strideX,
    dilationY: conv.dilation[0],
    dilationX: conv.dilation[1],
    ...conv.padding,
  };
  const weights = pass === 'forward' ? filter : swapChannels(filter);
  const flops = 2 * WORKGROUP_SIZE * tile.pixels * tile.outputs * kernelHeight * kernelWidth * inner;
  const [result] = runProgram({
    family: gatherProgram,
    spec: {
      pass,
      reflect: conv.reflect,
      bias: bias !== null,
      ...tile,
      outerVectors: outer % 4 === 0,
    },
    inputs: bias === null ? [source, weights] : [source, weights, bias],
    outputs: [{ shape: outShape }],
    dispatches: split(groups * Math.ceil(outer / tile.outputs), flops / phases, phases, uniforms),
  });
  if (weights !== filter) disposeIntermediate(weights);
  return result as TensorInfo;
}

/** [kh, kw, in, out] to [kh, kw, out, in]: small beside the pass, which then reads its neighbours from neighbouring places. */
function swapChannels(filter: TensorInfo): TensorInfo {
  const [kh, kw, rows, columns] = filter.shape as Shape4D;
  const size = kh * kw * rows * columns;
  const [swapped] = runProgram({
    family: swapChannelsProgram,
    spec: {},
    inputs: [filter],
    outputs: [{ shape: [kh, kw, columns, rows] }],
    dispatches: [{ workgroups: [Math.ceil(size / WORKGROUP_SIZE), 1, 1], uniforms: { size, rows, columns } }],
  });
  return swapped as TensorInfo;
}

/** Gradient to the filter of shape `filterShape` [kh, kw, in, out]. */
export function filterGradientPass(
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  const [kh, kw, inChannels, outChannels] = filterShape;
  const [batch, outHeight, outWidth] = dy.shape as Shape4D;
  const [, inHeight, inWidth] = x.shape as Shape4D;
  const tile = chooseFilterGradient({ inChannels, outChannels });
  const inputTiles = Math.ceil(inChannels / tile.inputs);
  const outputTiles = Math.ceil(outChannels / tile.outputs);
  const tiles = kh * kw * inputTiles * outputTiles;
  const rows = batch * outHeight;
  const rowsPerSlice = Math.ceil(rows / Math.min(rows, Math.ceil(TARGET_THREADS / tiles)));
  const slices = Math.ceil(rows / rowsPerSlice);
  const uniforms = {
    start: 0,
    tiles,
    inputTiles,
    outputTiles,
    slices,
    rowsPerSlice,
    rows,
    outHeight,
    outWidth,
    inHeight,
    inWidth,
    inChannels,
    outChannels,
    kernelWidth: kw,
    strideY: conv.stride[0],
    strideX: conv.stride[1],
    dilationY: conv.dilation[0],
    dilationX: conv.dilation[1],
    top: conv.padding.top,
    left: conv.padding.left,
  };
  const flops = 2 * WORKGROUP_SIZE * tile.inputs * tile.outputs * rowsPerSlice * outWidth;
  const [parts] = runProgram({
    family: filterGradientProgram,
    spec: {
      reflect: conv.reflect,
      ...tile,
      inputVectors: inChannels % 4 === 0,
      outputVectors: outChannels % 4 === 0,
    },
    inputs: [x, dy],
    outputs: [{ shape: slices === 1 ? filterShape : [slices, ...filterShape] }],
    dispatches: split(Math.ceil((tiles * slices) / WORKGROUP_SIZE), flops, 1, uniforms),
  });
  return sumSlices(parts as TensorInfo, slices, filterShape);
}

/** Sum over all axes but the last of `map` [n, h, w, channels]: the gradient to a bias. */
export function sumPixelsPass(map: TensorInfo): TensorInfo {
  const channels = map.shape.at(-1) ?? 1;
  const pixels = map.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const pixelsPerSlice = Math.max(32, Math.ceil(pixels / Math.ceil(TARGET_THREADS / channels)));
  const slices = Math.ceil(pixels / pixelsPerSlice);
  const [parts] = runProgram({
    family: sumPixelsProgram,
    spec: {},
    inputs: [map],
    outputs: [{ shape: slices === 1 ? [channels] : [slices, channels] }],
    dispatches: [
      {
        workgroups: [Math.ceil((slices * channels) / WORKGROUP_SIZE), 1, 1],
        uniforms: { channels, pixels, slices, pixelsPerSlice },
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
    dispatches: [{ workgroups: [Math.ceil(size / WORKGROUP_SIZE), 1, 1], uniforms: { size, slices } }],
  });
  disposeIntermediate(parts);
  return sum as TensorInfo;
}

/** `workgroups` pieces of work as dispatches of at most DISPATCH_FLOPS each, told apart by `start`. */
export function split<Names extends string>(
  workgroups: number,
  flopsEach: number,
  depth: number,
  uniforms: Readonly<Record<Names | 'start', number>>,
): Dispatch<Names | 'start'>[] {
  const flops = DISPATCH_FLOPS[isSoftwareDevice() ? 'software' : 'hardware'];
  const atOnce = Math.min(MAX_WORKGROUPS, Math.max(1, Math.floor(flops / (flopsEach * depth))));
  const dispatches: Dispatch<Names | 'start'>[] = [];
  for (let start = 0; start < workgroups; start += atOnce) {
    dispatches.push({
      workgroups: [Math.min(atOnce, workgroups - start), 1, depth],
      uniforms: { ...uniforms, start },
    });
  }
  return dispatches;
}
