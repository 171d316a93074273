// The two passes that gather, forward and gradient to the input, as runs of a program: geometry into uniforms.
import { disposeIntermediate, isSoftwareDevice, runProgram, subgroupLanes } from '../../../gpu/program.ts';
import { workgroupsFor } from '../../../gpu/wgsl.ts';
import type { TensorInfo } from '../../../tf.ts';
import type { BroadcastGather, GatherVariant, RegisterGather, TiledGather } from '../choice/variants.ts';
import { type BroadcastUniform, broadcastProgram } from './broadcast.wgsl.ts';
import { split } from './dispatches.ts';
import { type GatherUniform, gatherProgram } from './gather.wgsl.ts';
import { type ConvShape, inputShape, outputShape, type Shape4D } from './shape.ts';
import { swapChannelsProgram } from './small.wgsl.ts';
import { WORKGROUP_SIZE } from './tile.ts';
import { TILED_THREADS, tiledGatherProgram } from './tiled.wgsl.ts';

/**
 * `inputs`: source (x, or dy), filter [kh, kw, in, out], and bias if the shape says so. What comes out below 0 is multiplied
 * by `slope`.
 */
export function gatherPass(
  shape: ConvShape,
  variant: GatherVariant,
  inputs: readonly TensorInfo[],
  slope = 1,
): TensorInfo {
  switch (variant.kind) {
    case 'register':
      return withRegisters(shape, variant, inputs, slope);
    case 'broadcast':
      return withBroadcasts(shape, variant, inputs, slope);
    case 'tiled':
      return withTiles(shape, variant, inputs, slope);
  }
}

interface Gathering {
  readonly sizes: Record<SharedUniform, number>;
  readonly result: Shape4D;
  readonly phases: number;
}
type SharedUniform = Exclude<GatherUniform & BroadcastUniform, 'slope'>;

/** What both programs have to know, for tiles of `pixels` and workgroups of `threads`. */
function gathering(shape: ConvShape, pixels: number, threads: number): Gathering {
  const { pass, batch, stride } = shape;
  const [from, result] =
    pass === 'forward' ? [inputShape(shape), outputShape(shape)] : [outputShape(shape), inputShape(shape)];
  const [, outHeight, outWidth, outer] = result;
  // The pixels of one phase (position modulo stride) meet the same taps.
  const inPhases = pass === 'toInput' && !shape.reflect;
  const spanHeight = inPhases ? Math.ceil(outHeight / stride[0]) : outHeight;
  const spanWidth = inPhases ? Math.ceil(outWidth / stride[1]) : outWidth;
  const sizes = {
    start: 0,
    groups: Math.ceil((batch * spanHeight * Math.ceil(spanWidth / pixels)) / threads),
    batch,
    spanHeight,
    spanWidth,
    outHeight,
    outWidth,
    inHeight: from[1],
    inWidth: from[2],
    inner: from[3],
    outer,
    kernelHeight: shape.kernelHeight,
    kernelWidth: shape.kernelWidth,
  };
  return { sizes, result, phases: inPhases ? stride[0] * stride[1] : 1 };
}

function withRegisters(
  shape: ConvShape,
  variant: RegisterGather,
  inputs: readonly TensorInfo[],
  slope: number,
): TensorInfo {
  const { pixels, outputs, depth } = variant;
  const { sizes, result, phases } = gathering(shape, pixels, WORKGROUP_SIZE);
  const { pass, reflect, bias, stride, dilation, padding, kernelHeight, kernelWidth } = shape;
  const [source, filter, ...rest] = inputs as [TensorInfo, TensorInfo, ...TensorInfo[]];
  const weights = pass === 'forward' ? filter : swapChannels(filter);
  const [gathered] = runProgram({
    family: gatherProgram,
    spec: {
      pass: pass === 'forward' ? pass : 'toInput',
      reflect,
      bias,
      pixels,
      outputs,
      depth,
      outerVectors: sizes.outer % 4 === 0,
    },
    inputs: [source, weights, ...rest],
    outputs: [{ shape: result }],
    dispatches: split(
      sizes.groups * Math.ceil(sizes.outer / outputs),
      (2 * WORKGROUP_SIZE * pixels * outputs * kernelHeight * kernelWidth * sizes.inner) / phases,
      phases,
      {
        ...sizes,
        strideY: stride[0],
        strideX: stride[1],
        dilationY: dilation[0],
        dilationX: dilation[1],
        ...padding,
        slope,
      },
    ),
  });
  if (weights !== filter) disposeIntermediate(weights);
  return gathered as TensorInfo;
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
    dispatches: [{ workgroups: workgroupsFor(size), uniforms: { size, rows, columns } }],
  });
  return swapped as TensorInfo;
}

/** Threads of a workgroup on an adapter that computes on the CPU: small maps still give every core something to do. */
export const SOFTWARE_THREADS = 16;

function withBroadcasts(
  shape: ConvShape,
  { pixels, outputs }: BroadcastGather,
  inputs: readonly TensorInfo[],
  slope: number,
): TensorInfo {
  const software = isSoftwareDevice();
  const lanes = subgroupLanes() ?? 1;
  const threads = Math.max(lanes, software ? SOFTWARE_THREADS : WORKGROUP_SIZE);
  const { sizes, result, phases } = gathering(shape, pixels, threads);
  const { reflect, kernelHeight, kernelWidth } = shape;
  // Looped stores cost the same either way, and one text for all channels is compiled once.
  const outerVectors = !software && sizes.outer % 4 === 0 && outputs % 4 === 0;
  const [source, filter, ...rest] = inputs as [TensorInfo, TensorInfo, ...TensorInfo[]];
  const [gathered] = runProgram({
    family: broadcastProgram,
    spec: {
      reflect,
      pixels,
      outputs,
      // On lavapipe one channel a round is as fast as four, and compiled in a third of the time.
      depth: !software && sizes.inner % 4 === 0 ? 4 : 1,
      threads,
      lanes,
      outerVectors,
      loopedStores: software,
    },
    inputs: [source, filter, rest[0] ?? filter],
    outputs: [{ shape: result }],
    dispatches: split(
      sizes.groups * Math.ceil(sizes.outer / outputs),
      (2 * threads * pixels * outputs * kernelHeight * kernelWidth * sizes.inner) / phases,
      phases,
      { ...sizes, ...steps(shape), slope, stores: (pixels * outputs) / (outerVectors ? 4 : 1) },
    ),
  });
  return gathered as TensorInfo;
}

function withTiles(
  shape: ConvShape,
  { rows, outputs, precision }: TiledGather,
  inputs: readonly TensorInfo[],
  slope: number,
): TensorInfo {
  const { sizes, result, phases } = gathering(shape, 1, rows);
  const { reflect, kernelHeight, kernelWidth } = shape;
  const [source, filter, ...rest] = inputs as [TensorInfo, TensorInfo, ...TensorInfo[]];
  const [gathered] = runProgram({
    family: tiledGatherProgram,
    spec: { reflect, rows, outputs, half: precision === 'f16' },
    inputs: [source, filter, rest[0] ?? filter],
    outputs: [{ shape: result }],
    dispatches: split(
      sizes.groups * Math.ceil(sizes.outer / outputs),
      (2 * rows * outputs * kernelHeight * kernelWidth * sizes.inner) / phases,
      phases,
      { ...sizes, ...steps(shape), slope, stores: (rows * outputs) / TILED_THREADS },
    ),
  });
  return gathered as TensorInfo;
}

/** Both passes as one: how places, taps and weights follow from each other. */
function steps({ pass, bias, stride, dilation, padding, outChannels }: ConvShape) {
  const forward = pass === 'forward';
  return {
    stepY: forward ? stride[0] : 1,
    stepX: forward ? stride[1] : 1,
    tapY: forward ? dilation[0] : -dilation[0],
    tapX: forward ? dilation[1] : -dilation[1],
    shiftY: forward ? -padding.top : padding.top,
    shiftX: forward ? -padding.left : padding.left,
    phasesY: forward ? 1 : stride[0],
    phasesX: forward ? 1 : stride[1],
    weightInner: forward ? outChannels : 1,
    weightOuter: forward ? 1 : outChannels,
    hasBias: bias ? 1 : 0,
  };
}
