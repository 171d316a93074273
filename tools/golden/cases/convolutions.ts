// Golden cases of the convolution family.
import { type Conv2dOptions, conv2d } from '../../../src/engine/ops/conv2d/conv2d.ts';
import { convTranspose2d } from '../../../src/engine/ops/convTranspose2d/convTranspose2d.ts';
import type { Sides } from '../../../src/engine/ops/core/geometry.ts';
import { depthwiseConv2d } from '../../../src/engine/ops/depthwiseConv2d/depthwiseConv2d.ts';
import type { Tensor, Tensor1D, Tensor4D } from '../../../src/engine/tf.ts';
import { differentiate } from './differentiate.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';

type Convolution = (x: Tensor4D, filter: Tensor4D, bias: { bias?: Tensor1D }) => Tensor4D;

export const CONVOLUTIONS: Readonly<Record<string, GoldenExecutor>> = {
  conv2d: (golden) => run(golden, (x, filter, bias) => conv2d(x, filter, { ...geometry(golden), ...bias })),
  depthwise_conv2d: (golden) =>
    run(golden, (x, filter, bias) => depthwiseConv2d(x, filter, { ...geometry(golden), ...bias })),
  conv_transpose2d: (golden) =>
    run(golden, (x, filter, bias) =>
      convTranspose2d(x, filter, {
        stride: golden.pair('stride'),
        padding: golden.number('padding'),
        outputPadding: golden.number('output_padding'),
        ...bias,
      }),
    ),
};

function run(golden: GoldenCase, convolve: Convolution): GoldenResults {
  const inputs = golden.has('b') ? ['x', 'w', 'b'] : ['x', 'w'];
  return differentiate(golden, inputs, (x, filter, bias?: Tensor) =>
    convolve(x as Tensor4D, filter as Tensor4D, bias === undefined ? {} : { bias: bias as Tensor1D }),
  );
}

function geometry(golden: GoldenCase): Conv2dOptions {
  return { stride: golden.pair('stride'), dilation: golden.pair('dilation'), padding: sidesOf(golden) };
}

/** The attribute `padding` with four sides. */
export function sidesOf(golden: GoldenCase): Sides {
  const padding = golden.record('padding');
  return {
    top: golden.number('top', padding),
    bottom: golden.number('bottom', padding),
    left: golden.number('left', padding),
    right: golden.number('right', padding),
  };
}
