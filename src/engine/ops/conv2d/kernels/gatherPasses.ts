// The two passes that gather, forward and gradient to the input, as runs of a program: geometry into uniforms.
import { disposeIntermediate, isSoftwareDevice, subgroupLanes } from '../../../gpu/program.ts';
import type { TensorInfo } from '../../../tf.ts';
import type { BroadcastGather, GatherVariant, RegisterGather, TiledGather } from '../choice/variants.ts';
import { broadcastKernel } from './broadcast.wgsl.ts';
import { split } from './dispatches.ts';
import { type GATHERED, gatherKernel } from './gather.wgsl.ts';
import { type ConvShape, inputShape, outputShape, type Shape4D } from './shape.ts';
import { swapChannelsKernel } from './small.wgsl.ts';
import { WORKGROUP_SIZE, windowOf } from './tile.ts';
import { TILED_THREADS, tiledGatherKernel } from './tiled.wgsl.ts';

interface Inputs {
  /** x, or dy. */
  readonly source: TensorInfo;
  /** [kh, kw, in, out] */
  readonly filter: TensorInfo;
  /** If the shape says so. */
  readonly bias: TensorInfo | null;
}

/** Forward, or the gradient to the input, with one kernel. What comes out below 0 is multiplied by `slope`. */
export function gatherPass(shape: ConvShape, variant: GatherVariant, inputs: Inputs, slope: number): TensorInfo {
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
  readonly sizes: Record<keyof typeof GATHERED, number>;
  readonly result: Shape4D;
  readonly phases: number;
}

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

/** Workgroups for tiles of `outputs` channels, cut so that none runs long; `multiplyAdds` of one tap and summed channel. */
function launchOf<Names extends string>(
  shape: ConvShape,
  { sizes, phases }: Gathering,
  { outputs, multiplyAdds }: { readonly outputs: number; readonly multiplyAdds: number },
  uniforms: Readonly<Record<Names, number>>,
) {
  const perWorkgroup = 2 * multiplyAdds * shape.kernelHeight * shape.kernelWidth * sizes.inner;
  const workgroups = sizes.groups * Math.ceil(sizes.outer / outputs);
  return split<Names | keyof typeof sizes>(workgroups, perWorkgroup / phases, phases, { ...sizes, ...uniforms });
}

function withRegisters(
  shape: ConvShape,
  { pixels, outputs, depth }: RegisterGather,
  { source, filter, bias }: Inputs,
  slope: number,
): TensorInfo {
  const gathered = gathering(shape, pixels, WORKGROUP_SIZE);
  const { reflect, padding } = shape;
  const pass = shape.pass === 'forward' ? 'forward' : 'toInput';
  const weights = pass === 'forward' ? filter : swapChannels(filter);
  const { result } = gatherKernel.enqueue({
    spec: {
      ...{ pass, reflect, bias: bias !== null, pixels, outputs, depth },
      outerVectors: gathered.sizes.outer % 4 === 0,
    },
    inputs: { source, weights, bias },
    outputs: { result: gathered.result },
    dispatches: launchOf(
      shape,
      gathered,
      { outputs, multiplyAdds: WORKGROUP_SIZE * pixels * outputs },
      { ...windowOf(shape, padding.top, padding.left), bottom: padding.bottom, right: padding.right, slope },
    ),
  });
  if (weights !== filter) disposeIntermediate(weights);
  return result;
}

/** [kh, kw, in, out] to [kh, kw, out, in]: small beside the pass, which then reads its neighbours from neighbouring places. */
function swapChannels(filter: TensorInfo): TensorInfo {
  const [kh, kw, rows, columns] = filter.shape as Shape4D;
  const size = kh * kw * rows * columns;
  const { result } = swapChannelsKernel.enqueue({
    inputs: { weights: filter },
    outputs: { result: [kh, kw, columns, rows] },
    threads: size,
    uniforms: { size, rows, columns },
  });
  return result;
}

/** Threads of a workgroup on an adapter that computes on the CPU: small maps still give every core something to do. */
export const SOFTWARE_THREADS = 16;

function withBroadcasts(
  shape: ConvShape,
  { pixels, outputs }: BroadcastGather,
  { source, filter, bias }: Inputs,
  slope: number,
): TensorInfo {
  const software = isSoftwareDevice();
  const lanes = subgroupLanes() ?? 1;
  const threads = Math.max(lanes, software ? SOFTWARE_THREADS : WORKGROUP_SIZE);
  const gathered = gathering(shape, pixels, threads);
  const { inner, outer } = gathered.sizes;
  // Looped stores cost the same either way, and one text for all channels is compiled once.
  const outerVectors = !software && outer % 4 === 0 && outputs % 4 === 0;
  // On lavapipe one channel a round is as fast as four, and compiled in a third of the time.
  const depth = !software && inner % 4 === 0 ? 4 : 1;
  const stores = (pixels * outputs) / (outerVectors ? 4 : 1);
  const { result } = broadcastKernel.enqueue({
    spec: {
      ...{ reflect: shape.reflect, pixels, outputs, depth, threads, lanes, outerVectors },
      loopedStores: software,
    },
    inputs: { source, weights: filter, bias: bias ?? filter },
    outputs: { result: gathered.result },
    dispatches: launchOf(
      shape,
      gathered,
      { outputs, multiplyAdds: threads * pixels * outputs },
      { ...steps(shape), slope, stores },
    ),
  });
  return result;
}

function withTiles(
  shape: ConvShape,
  { rows, outputs, precision }: TiledGather,
  { source, filter, bias }: Inputs,
  slope: number,
): TensorInfo {
  const gathered = gathering(shape, 1, rows);
  const { result } = tiledGatherKernel.enqueue({
    spec: { reflect: shape.reflect, rows, outputs, half: precision === 'f16' },
    inputs: { source, weights: filter, bias: bias ?? filter },
    outputs: { result: gathered.result },
    dispatches: launchOf(
      shape,
      gathered,
      { outputs, multiplyAdds: rows * outputs },
      { ...steps(shape), slope, stores: (rows * outputs) / TILED_THREADS },
    ),
  });
  return result;
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
