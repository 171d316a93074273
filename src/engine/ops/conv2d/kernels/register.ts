// The convolutions as kernels and gradients of TensorFlow.js's registry, for the WebGPU backend.
import { registerGradient, registerKernel } from '../../../gpu/registeredKernel.ts';
import * as tf from '../../../tf.ts';
import { filterGradientPass, forwardPass, inputGradientPass } from './run.ts';
import type { BorderedConv, Shape4D } from './shape.ts';
import { sumPixelsPass } from './sums.ts';

/** Attributes of every kernel here; flat, because the tape keeps them. */
type ConvAttributes = {
  readonly stride: [number, number];
  readonly dilation: [number, number];
  /** top, bottom, left, right */
  readonly padding: [number, number, number, number];
  readonly reflect: boolean;
  /** Shape of the result. */
  readonly shape: Shape4D;
  /** The factor below 0; of conv2d's forward pass only. */
  readonly slope?: number;
};

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

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo;
}

register(CONV, ({ x, filter, bias }, { conv, shape, slope }) =>
  forwardPass(x, filter, bias ?? null, shape, conv, slope),
);
register(CONV_TRANSPOSE, ({ x, filter, bias }, { conv, shape }) =>
  inputGradientPass(x, filter, bias ?? null, shape, conv),
);
register(INPUT_GRADIENT, ({ x, filter }, { conv, shape }) => inputGradientPass(x, filter, null, shape, conv));
// Here `filter` is the gradient to the output.
register(FILTER_GRADIENT, ({ x, filter }, { conv, shape }) => filterGradientPass(x, filter, shape, conv));
registerKernel(SUM_PIXELS, ({ map }: { readonly map: tf.TensorInfo }) => sumPixelsPass(map));

type Saved = [x: tf.Tensor4D, filter: tf.Tensor4D];

registerGradient(CONV, ['x', 'filter'], (dy: tf.Tensor4D, [x, filter]: Saved, attributes: ConvAttributes) => ({
  x: () => run(INPUT_GRADIENT, { x: dy, filter }, withShape(attributes, x.shape)),
  filter: () => run(FILTER_GRADIENT, { x, filter: dy }, withShape(attributes, filter.shape)),
  bias: () => sumPixelsKernel(dy),
}));

registerGradient(
  CONV_TRANSPOSE,
  ['x', 'filter'],
  (dy: tf.Tensor4D, [x, filter]: Saved, attributes: ConvAttributes) => ({
    x: () => run(CONV, { x: dy, filter }, withShape(attributes, x.shape)),
    filter: () => run(FILTER_GRADIENT, { x: dy, filter: x }, withShape(attributes, filter.shape)),
    bias: () => sumPixelsKernel(dy),
  }),
);

function run(name: string, inputs: tf.NamedTensorMap, attributes: ConvAttributes): tf.Tensor4D {
  return tf.engine().runKernel<tf.Tensor4D>(name, inputs, attributes);
}

function attributesOf({ stride, dilation, padding, reflect }: BorderedConv, shape: Shape4D): ConvAttributes {
  const { top, bottom, left, right } = padding;
  return { stride, dilation, padding: [top, bottom, left, right], reflect, shape };
}

function withShape(attributes: ConvAttributes, shape: Shape4D): ConvAttributes {
  return { ...attributes, slope: 1, shape };
}

function register(
  kernelName: string,
  pass: (inputs: Inputs, options: { conv: BorderedConv; shape: Shape4D; slope: number }) => tf.TensorInfo,
): void {
  registerKernel(kernelName, (inputs: Inputs, { padding, shape, slope = 1, ...rest }: ConvAttributes) => {
    const [top, bottom, left, right] = padding;
    return pass(inputs, { conv: { ...rest, padding: { top, bottom, left, right } }, shape, slope });
  });
}
