// Convolutions as CycleGAN has them: any padding, reflected or zero, transposed ones to go up, and its two ways to begin.
import type { Layer } from '../../nn/layers.ts';
import { constant, normal, type ParameterScope, uniformByFanIn } from '../../nn/parameters.ts';
import { conv2d } from '../../ops/conv2d/conv2d.ts';
import { convTranspose2d } from '../../ops/convTranspose2d/convTranspose2d.ts';
import type { FusedActivation } from '../../ops/core/fusedActivation.ts';
import type { PadMode } from '../../ops/core/geometry.ts';
import type * as tf from '../../tf.ts';

/** `small`: N(0, 0.02^2) and biases of 0 (DCGAN, CycleGAN). `fan-in`: PyTorch's default. */
export type Start = 'small' | 'fan-in';

export interface ImageConvolution {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Pixels on every side. */
  readonly padding?: number;
  readonly padMode?: PadMode;
  /** Computed in the same pass; none unless said. */
  readonly activation?: FusedActivation;
  readonly start: Start;
}

const DEVIATION = 0.02;

/** A convolution with `weight` and `bias`, and its activation. */
export function imageConvolution(scope: ParameterScope, options: ImageConvolution): Layer {
  const { from, to, kernel, stride = 1, padding = 0, padMode = 'zero', activation = 'none', start } = options;
  const fanIn = kernel * kernel * from;
  const filter = scope.weight('weight', [kernel, kernel, from, to], weightStart(start, fanIn)) as tf.Tensor4D;
  const bias = scope.weight('bias', [to], biasStart(start, fanIn)) as tf.Tensor1D;
  return (x) => {
    const y = conv2d(x, filter, { stride, padding, padMode, bias, activation });
    scope.observe?.({ name: scope.prefix.slice(0, -1), flops: 2 * fanIn * to * y.shape[1] * y.shape[2] });
    return y;
  };
}

/** A 3x3 transposed convolution to twice the size (padding 1, output padding 1), with `weight` and `bias`. */
export function doubling(scope: ParameterScope, { from, to }: { from: number; to: number }): Layer {
  const filter = scope.weight('weight', [3, 3, to, from], normal(DEVIATION)) as tf.Tensor4D;
  const bias = scope.weight('bias', [to], constant(0)) as tf.Tensor1D;
  return (x) => {
    scope.observe?.({ name: scope.prefix.slice(0, -1), flops: 2 * 9 * from * to * x.shape[1] * x.shape[2] });
    return convTranspose2d(x, filter, { stride: 2, padding: 1, outputPadding: 1, bias });
  };
}

const weightStart = (start: Start, fanIn: number) => (start === 'small' ? normal(DEVIATION) : uniformByFanIn(fanIn));
const biasStart = (start: Start, fanIn: number) => (start === 'small' ? constant(0) : uniformByFanIn(fanIn));
