// The passes of a convolution as GPU programs, each with the kernel that is chosen for its shape. Takes and returns tensor
// infos; no tape. passes.ts holds the same passes for other backends.
import type { TensorInfo } from '../../../tf.ts';
import { kernelChoices } from '../choice/choices.ts';
import { type ConvVariant, isFilterVariant } from '../choice/variants.ts';
import { filterPass } from './filterPasses.ts';
import { gatherPass } from './gatherPasses.ts';
import { type BorderedConv, type ConvShape, convShape, type Shape4D } from './shape.ts';

/**
 * Output [n, oh, ow, out] = `outShape` of `x` and `filter` [kh, kw, in, out], plus `bias` [out]; what is below 0 then times
 * `slope`.
 */
export function forwardPass(
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  outShape: Shape4D,
  conv: BorderedConv,
  slope: number,
): TensorInfo {
  const shape = convShape('forward', fourAxes(x), fourAxes(filter), outShape, conv, bias !== null);
  return runChosen(shape, [x, filter, bias], slope);
}

/** Gradient to the input of shape `xShape`, given `dy` [n, oh, ow, out]. */
export function inputGradientPass(
  dy: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | null,
  xShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  const shape = convShape('toInput', xShape, fourAxes(filter), fourAxes(dy), conv, bias !== null);
  return runChosen(shape, [dy, filter, bias]);
}

/** Gradient to the filter of shape `filterShape` [kh, kw, in, out]. */
export function filterGradientPass(
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  const shape = convShape('toFilter', fourAxes(x), filterShape, fourAxes(dy), conv);
  return runChosen(shape, [x, dy]);
}

/** x or dy, filter, and bias if the shape says so; for the filter's gradient x and dy. */
export type ConvInputs = readonly [TensorInfo, TensorInfo, (TensorInfo | null)?];

/** A pass with a kernel of the caller's choice. */
export function runConvolution(
  shape: ConvShape,
  variant: ConvVariant,
  [source, second, bias = null]: ConvInputs,
  slope = 1,
): TensorInfo {
  return isFilterVariant(variant)
    ? filterPass(shape, variant, { source, upstream: second })
    : gatherPass(shape, variant, { source, filter: second, bias }, slope);
}

function runChosen(shape: ConvShape, inputs: ConvInputs, slope?: number): TensorInfo {
  return runConvolution(shape, kernelChoices().choose(shape), inputs, slope);
}

function fourAxes(tensor: TensorInfo): Shape4D {
  return tensor.shape as Shape4D;
}
