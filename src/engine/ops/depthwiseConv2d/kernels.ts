// The depthwise convolution as kernels and gradients of TensorFlow.js's registry, for the WebGPU backend.
import { registerGradient, registerKernel } from '../../gpu/registeredKernel.ts';
import * as tf from '../../tf.ts';
import { split, TARGET_THREADS } from '../conv2d/kernels/dispatches.ts';
import { sumPixelsKernel } from '../conv2d/kernels/register.ts';
import type { Shape4D } from '../conv2d/kernels/shape.ts';
import { sumOverSlices } from '../conv2d/kernels/sums.ts';
import { WORKGROUP_SIZE, windowOf } from '../conv2d/kernels/tile.ts';
import type { ResolvedConv } from '../core/geometry.ts';
import { DEPTHWISE_PIXELS, depthwiseForward, depthwiseToFilter, depthwiseToInput } from './depthwise.wgsl.ts';

type DepthwiseAttributes = {
  readonly stride: [number, number];
  readonly dilation: [number, number];
  /** top, left */
  readonly origin: [number, number];
  readonly xShape: Shape4D;
  readonly filterShape: Shape4D;
  readonly yShape: Shape4D;
};

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
  const attributes: DepthwiseAttributes = {
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

type Filtered = { readonly x: tf.TensorInfo; readonly filter: tf.TensorInfo; readonly bias?: tf.TensorInfo };

registerKernel(FORWARD, ({ x, filter, bias }: Filtered, attributes: DepthwiseAttributes) => {
  const [batch, oh, ow, outputs] = attributes.yShape;
  const [kh, kw] = attributes.filterShape;
  const { result } = depthwiseForward.enqueue({
    spec: { bias: bias !== undefined },
    inputs: { source: x, weights: filter, bias },
    outputs: { result: attributes.yShape },
    dispatches: perThread(
      batch * oh * Math.ceil(ow / DEPTHWISE_PIXELS) * outputs,
      DEPTHWISE_PIXELS * kh * kw,
      attributes,
    ),
  });
  return result;
});

type Upstream<Other extends string> = Readonly<Record<Other | 'dy', tf.TensorInfo>>;

registerKernel(TO_INPUT, ({ dy, filter }: Upstream<'filter'>, attributes: DepthwiseAttributes) => {
  const [batch, height, width, channels] = attributes.xShape;
  const [kh, kw, , multiplier] = attributes.filterShape;
  const { result } = depthwiseToInput.enqueue({
    inputs: { upstream: dy, weights: filter },
    outputs: { result: attributes.xShape },
    dispatches: perThread(batch * height * width * channels, kh * kw * multiplier, attributes),
  });
  return result;
});

registerKernel(TO_FILTER, ({ x, dy }: Upstream<'x'>, attributes: DepthwiseAttributes) => {
  const { filterShape, yShape } = attributes;
  const size = filterShape.reduce((product, length) => product * length, 1);
  const work = {
    rows: yShape[0] * yShape[1],
    wanted: TARGET_THREADS / size,
    flopsPerRow: 2 * WORKGROUP_SIZE * yShape[2],
    workgroups: (slices: number) => Math.ceil((size * slices) / WORKGROUP_SIZE),
    uniforms: sizesOf(attributes),
  };
  const inputs = { source: x, upstream: dy };
  return sumOverSlices(filterShape, work, (call) => depthwiseToFilter.enqueue({ inputs, ...call }));
});

registerGradient(
  FORWARD,
  ['x', 'filter'],
  (dy: tf.Tensor4D, [x, filter]: [tf.Tensor4D, tf.Tensor4D], attributes: DepthwiseAttributes) => ({
    x: () => tf.engine().runKernel<tf.Tensor>(TO_INPUT, { dy, filter }, attributes),
    filter: () => tf.engine().runKernel<tf.Tensor>(TO_FILTER, { x, dy }, attributes),
    bias: () => sumPixelsKernel(dy),
  }),
);

function sizesOf({ origin, xShape, filterShape, yShape, ...window }: DepthwiseAttributes) {
  return {
    batch: xShape[0],
    outHeight: yShape[1],
    outWidth: yShape[2],
    inHeight: xShape[1],
    inWidth: xShape[2],
    channels: filterShape[2],
    multiplier: filterShape[3],
    kernelHeight: filterShape[0],
    kernelWidth: filterShape[1],
    ...windowOf(window, ...origin),
  };
}

function perThread(threads: number, multiplyAdds: number, attributes: DepthwiseAttributes) {
  const uniforms = { ...sizesOf(attributes), start: 0, slices: 1, rowsPerSlice: 1 };
  return split(Math.ceil(threads / WORKGROUP_SIZE), 2 * WORKGROUP_SIZE * multiplyAdds, 1, uniforms);
}
