// What one pass of a convolution is: all numbers that a kernel, or the choice of one, depends on. As a key it is plain text,
// so that a measured choice can be stored and found again.
import type { ResolvedConv } from '../../core/geometry.ts';

export type Shape4D = [number, number, number, number];

/** A convolution and what lies beyond the border of its input. */
export interface BorderedConv extends ResolvedConv {
  readonly reflect: boolean;
}

export type ConvPass = 'forward' | 'toInput' | 'toFilter';

/** `in` and `out` are those of the forward pass, whatever the pass. */
export interface ConvShape extends BorderedConv {
  readonly pass: ConvPass;
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** Whether a bias is added to what comes out; never with `toFilter`. */
  readonly bias: boolean;
}

export function convShape(
  pass: ConvPass,
  x: Shape4D,
  filter: Shape4D,
  y: Shape4D,
  conv: BorderedConv,
  bias = false,
): ConvShape {
  return {
    pass,
    batch: x[0],
    inHeight: x[1],
    inWidth: x[2],
    inChannels: x[3],
    outHeight: y[1],
    outWidth: y[2],
    outChannels: y[3],
    kernelHeight: filter[0],
    kernelWidth: filter[1],
    stride: conv.stride,
    dilation: conv.dilation,
    padding: conv.padding,
    reflect: conv.reflect,
    bias,
  };
}

/** Equal for equal shapes only. */
export function keyOf(shape: ConvShape): string {
  const { top, bottom, left, right } = shape.padding;
  return [
    shape.pass,
    `n${shape.batch}`,
    `${shape.inHeight}x${shape.inWidth}x${shape.inChannels}`,
    `${shape.outHeight}x${shape.outWidth}x${shape.outChannels}`,
    `k${shape.kernelHeight}x${shape.kernelWidth}`,
    `s${shape.stride.join('x')}`,
    `d${shape.dilation.join('x')}`,
    `p${top},${bottom},${left},${right}`,
    ...(shape.reflect ? ['reflect'] : []),
    ...(shape.bias ? ['bias'] : []),
  ].join(' ');
}

export function inputShape({ batch, inHeight, inWidth, inChannels }: ConvShape): Shape4D {
  return [batch, inHeight, inWidth, inChannels];
}

export function outputShape({ batch, outHeight, outWidth, outChannels }: ConvShape): Shape4D {
  return [batch, outHeight, outWidth, outChannels];
}

export function filterShape({ kernelHeight, kernelWidth, inChannels, outChannels }: ConvShape): Shape4D {
  return [kernelHeight, kernelWidth, inChannels, outChannels];
}

/** Floating-point operations, with taps that fall beyond the border counted. */
export function flopsOf(shape: ConvShape): number {
  const { batch, outHeight, outWidth, kernelHeight, kernelWidth, inChannels, outChannels } = shape;
  return 2 * batch * outHeight * outWidth * kernelHeight * kernelWidth * inChannels * outChannels;
}
