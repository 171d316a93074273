// The convolutions as kernels and gradients of TensorFlow.js's registry, for the WebGPU backend. Through the registry each
// gradient is computed only if somebody needs it: the first layer of a network has no input gradient.
import * as tf from '../../../tf.ts';
import { filterGradientPass, forwardPass, inputGradientPass } from './run.ts';
import type { BorderedConv, Shape4D } from './shape.ts';
import { sumPixelsPass } from './sums.ts';

/** Attributes of every kernel here; flat, because the tape keeps them. */
interface ConvAttributes {
  readonly stride: [number, number];
  readonly dilation: [number, number];
  /** top, bottom, left, right */
  readonly padding: [number, number, number, number];
  readonly reflect: boolean;
  /** Shape of the result. */
  readonly shape: Shape4D;
  /** The factor below 0; of conv2d's forward pass only. */
  readonly slope?: number;
}

const CONV = 'StudioConv2d';
const CONV_TRANSPOSE = 'StudioConvTranspose2d';
const INPUT_GRADIENT = 'StudioConv2dInputGradient';
const FILTER_GRADIENT = 'StudioConv2dFilterGradient';
const SUM_PIXELS = 'StudioSumPixels';

/**
 * conv2d, differentiable. `shape` is the output's. What is below 0 comes out times `slope`; the gradient is that to the sum
 * before, so the caller says how `slope` changes what arrives (`pastRectifier`).
 */
export function conv2dKernel(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  conv: BorderedConv,
  shape: Shape4D,
  slope: number,
): tf.Tensor4D {
  return run(CONV, { x, filter, ...(bias === undefined ? {} : { bias }) }, { ...attributesOf(conv, shape), slope });
}

/** convTranspose2d, differentiable: the input gradient of `conv`, whose input had `shape`. */
export function convTranspose2dKernel(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  conv: BorderedConv,
  shape: Shape4D,
): tf.Tensor4D {
  return run(CONV_TRANSPOSE, { x, filter, ...(bias === undefined ? {} : { bias }) }, attributesOf(conv, shape));
}

/** Sum over the pixels of `map` [n, h, w, channels]; without gradient. */
export function sumPixelsKernel(map: tf.Tensor4D): tf.Tensor1D {
  return tf.engine().runKernel<tf.Tensor1D>(SUM_PIXELS, { map });
}

type Inputs = tf.NamedTensorInfoMap & {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo;
};

register(CONV, ({ x, filter, bias }, { conv, shape, slope }) =>
  forwardPass(x, filter, bias ?? null, shape, conv, slope),
);
register(CONV_TRANSPOSE, ({ x, filter, bias }, { conv, shape }) =>
  inputGradientPass(x, filter, bias ?? null, shape, conv),
);
register(INPUT_GRADIENT, ({ x, filter }, { conv, shape }) => inputGradientPass(x, filter, null, shape, conv));
// Here `filter` is the gradient to the output.
register(FILTER_GRADIENT, ({ x, filter }, { conv, shape }) => filterGradientPass(x, filter, shape, conv));
tf.registerKernel({
  kernelName: SUM_PIXELS,
  backendName: 'webgpu',
  kernelFunc: ({ inputs }) => sumPixelsPass((inputs as { map: tf.TensorInfo }).map),
});

tf.registerGradient({
  kernelName: CONV,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const upstream = dy as tf.Tensor4D;
    return {
      x: () => run(INPUT_GRADIENT, { x: upstream, filter }, withShape(attributes, x.shape)),
      filter: () => run(FILTER_GRADIENT, { x, filter: upstream }, withShape(attributes, filter.shape)),
      bias: () => sumPixelsKernel(upstream),
    };
  },
});

tf.registerGradient({
  kernelName: CONV_TRANSPOSE,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const upstream = dy as tf.Tensor4D;
    return {
      x: () => run(CONV, { x: upstream, filter }, withShape(attributes, x.shape)),
      filter: () => run(FILTER_GRADIENT, { x: upstream, filter: x }, withShape(attributes, filter.shape)),
      bias: () => sumPixelsKernel(upstream),
    };
  },
});

function run(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor4D {
  return tf.engine().runKernel<tf.Tensor4D>(name, inputs, attributes);
}

function attributesOf({ stride, dilation, padding, reflect }: BorderedConv, shape: Shape4D): tf.NamedAttrMap {
  const { top, bottom, left, right } = padding;
  return { stride, dilation, padding: [top, bottom, left, right], reflect, shape };
}

function withShape(attributes: tf.NamedAttrMap, shape: Shape4D): tf.NamedAttrMap {
  return { ...attributes, slope: 1, shape };
}

function register(
  kernelName: string,
  pass: (inputs: Inputs, options: { conv: BorderedConv; shape: Shape4D; slope: number }) => tf.TensorInfo,
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) => {
      const { stride, dilation, padding, reflect, shape, slope = 1 } = attrs as unknown as ConvAttributes;
      const [top, bottom, left, right] = padding;
      const conv = { stride, dilation, padding: { top, bottom, left, right }, reflect };
      return pass(inputs as Inputs, { conv, shape, slope });
    },
  });
}
