// The depthwise convolution as kernels and gradients of TensorFlow.js's registry, for the WebGPU backend.
import { runProgram } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { slicesOf, split, TARGET_THREADS } from '../conv2d/kernels/dispatches.ts';
import { sumPixelsKernel } from '../conv2d/kernels/register.ts';
import type { Shape4D } from '../conv2d/kernels/shape.ts';
import { sumSlices } from '../conv2d/kernels/sums.ts';
import { WORKGROUP_SIZE } from '../conv2d/kernels/tile.ts';
import type { ResolvedConv } from '../core/geometry.ts';
import {
  DEPTHWISE_PIXELS,
  type DepthwiseUniform,
  depthwiseForward,
  depthwiseToFilter,
  depthwiseToInput,
} from './depthwise.wgsl.ts';

interface DepthwiseAttributes {
  readonly stride: [number, number];
  readonly dilation: [number, number];
  /** top, left */
  readonly origin: [number, number];
  readonly xShape: Shape4D;
  readonly filterShape: Shape4D;
  readonly yShape: Shape4D;
}

const FORWARD = 'StudioDepthwiseConv2d';
const TO_INPUT = 'StudioDepthwiseConv2dInputGradient';
const TO_FILTER = 'StudioDepthwiseConv2dFilterGradient';

/** depthwiseConv2d, differentiable. */
export function depthwiseConv2dKernel(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  { stride, dilation, padding: { top, left } }: ResolvedConv,
  yShape: Shape4D,
): tf.Tensor4D {
  const attributes: tf.NamedAttrMap = {
    stride,
    dilation,
    origin: [top, left],
    xShape: x.shape,
    filterShape: filter.shape,
    yShape,
  };
  return tf
    .engine()
    .runKernel<tf.Tensor4D>(FORWARD, { x, filter, ...(bias === undefined ? {} : { bias }) }, attributes);
}

type Inputs = Partial<Record<'x' | 'filter' | 'bias' | 'dy', tf.TensorInfo>>;

register(FORWARD, ['x', 'filter', 'bias'], (inputs, attributes) => {
  const [batch, oh, ow, outputs] = attributes.yShape;
  const [kh, kw] = attributes.filterShape;
  const threads = batch * oh * Math.ceil(ow / DEPTHWISE_PIXELS) * outputs;
  const [y] = runProgram({
    family: depthwiseForward,
    spec: { bias: inputs.length === 3 },
    inputs,
    outputs: [{ shape: attributes.yShape }],
    dispatches: dispatches(threads, DEPTHWISE_PIXELS * kh * kw, attributes),
  });
  return y as tf.TensorInfo;
});

register(TO_INPUT, ['dy', 'filter'], (inputs, attributes) => {
  const [batch, height, width, channels] = attributes.xShape;
  const [kh, kw, , multiplier] = attributes.filterShape;
  const [dx] = runProgram({
    family: depthwiseToInput,
    spec: {},
    inputs,
    outputs: [{ shape: attributes.xShape }],
    dispatches: dispatches(batch * height * width * channels, kh * kw * multiplier, attributes),
  });
  return dx as tf.TensorInfo;
});

register(TO_FILTER, ['x', 'dy'], (inputs, attributes) => {
  const { filterShape, yShape } = attributes;
  const size = filterShape.reduce((product, length) => product * length, 1);
  const [rowsPerSlice, slices] = slicesOf(yShape[0] * yShape[1], TARGET_THREADS / size, 2 * WORKGROUP_SIZE * yShape[2]);
  const [parts] = runProgram({
    family: depthwiseToFilter,
    spec: {},
    inputs,
    outputs: [{ shape: slices === 1 ? filterShape : [slices, ...filterShape] }],
    dispatches: dispatches(size * slices, rowsPerSlice * yShape[2], attributes, { slices, rowsPerSlice }),
  });
  return sumSlices(parts as tf.TensorInfo, slices, filterShape);
});

tf.registerGradient({
  kernelName: FORWARD,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const upstream = dy as tf.Tensor4D;
    return {
      x: () => tf.engine().runKernel<tf.Tensor>(TO_INPUT, { dy: upstream, filter }, attributes),
      filter: () => tf.engine().runKernel<tf.Tensor>(TO_FILTER, { x, dy: upstream }, attributes),
      bias: () => sumPixelsKernel(upstream),
    };
  },
});

function dispatches(
  threads: number,
  multiplyAdds: number,
  { stride, dilation, origin, xShape, filterShape, yShape }: DepthwiseAttributes,
  { slices, rowsPerSlice }: { slices: number; rowsPerSlice: number } = { slices: 1, rowsPerSlice: 1 },
) {
  const uniforms: Record<DepthwiseUniform, number> = {
    start: 0,
    batch: xShape[0],
    outHeight: yShape[1],
    outWidth: yShape[2],
    inHeight: xShape[1],
    inWidth: xShape[2],
    channels: filterShape[2],
    multiplier: filterShape[3],
    kernelHeight: filterShape[0],
    kernelWidth: filterShape[1],
    strideY: stride[0],
    strideX: stride[1],
    dilationY: dilation[0],
    dilationX: dilation[1],
    top: origin[0],
    left: origin[1],
    slices,
    rowsPerSlice,
  };
  return split(Math.ceil(threads / WORKGROUP_SIZE), 2 * WORKGROUP_SIZE * multiplyAdds, 1, uniforms);
}

function register(
  kernelName: string,
  names: readonly (keyof Inputs)[],
  pass: (inputs: tf.TensorInfo[], attributes: DepthwiseAttributes) => tf.TensorInfo,
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) => {
      const given = inputs as Inputs;
      const present = names.map((name) => given[name]).filter((input) => input !== undefined);
      return pass(present, attrs as unknown as DepthwiseAttributes);
    },
  });
}
