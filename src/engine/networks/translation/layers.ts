// Convolutions as CycleGAN has them: any padding, reflected or zero, transposed ones to go up, and its two ways to begin.
import { type ConvolutionOptions, convolution, type Layer } from '../../nn/layers.ts';
import { constant, normal, type ParameterScope } from '../../nn/parameters.ts';
import { convTranspose2d } from '../../ops/convTranspose2d/convTranspose2d.ts';

/** `small`: N(0, 0.02^2) and biases of 0 (DCGAN, CycleGAN). `fan-in`: PyTorch's default. */
export type Start = 'small' | 'fan-in';

/** As the general one, without padding unless said, and always with a bias. */
export interface ImageConvolution extends Omit<ConvolutionOptions, 'bias' | 'start' | 'biasStart'> {
  readonly start: Start;
}

const DEVIATION = 0.02;
const SMALL = { start: normal(DEVIATION), biasStart: constant(0) };

/** A convolution with `weight` and `bias`, and its activation. */
export function imageConvolution(scope: ParameterScope, { start, ...options }: ImageConvolution): Layer {
  return convolution(scope, { padding: 0, ...options, bias: true, ...(start === 'small' ? SMALL : {}) });
}

/** A 3x3 transposed convolution to twice the size (padding 1, output padding 1), with `weight` and `bias`. */
export function doubling(scope: ParameterScope, { from, to }: { from: number; to: number }): Layer {
  const filter = scope.weight('weight', [3, 3, to, from], normal(DEVIATION));
  const bias = scope.weight('bias', [to], constant(0));
  return (x) => {
    scope.observe?.({ name: scope.prefix.slice(0, -1), flops: 2 * 9 * from * to * x.shape[1] * x.shape[2] });
    return convTranspose2d(x, filter, { stride: 2, padding: 1, outputPadding: 1, bias });
  };
}
