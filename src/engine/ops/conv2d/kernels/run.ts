// The passes of a convolution as GPU programs, each with the kernel that is chosen for its shape. Takes and returns tensor
// infos; no tape. passes.ts holds the same passes for other backends.
import { hasHalfFloats, isSoftwareDevice, subgroupLanes } from '../../../gpu/program.ts';
import type { TensorInfo } from '../../../tf.ts';
import { filterPass } from './filterPasses.ts';
import { gatherPass } from './gatherPasses.ts';
import { type BorderedConv, type ConvShape, convShape, type Shape4D } from './shape.ts';
import { type AdapterTraits, type ConvVariant, chooseFilter, chooseGather, isFilterVariant } from './variants.ts';

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
  const inputs = bias === null ? [x, filter] : [x, filter, bias];
  return gatherPass(shape, chooseGather(shape, traitsOfAdapter()), inputs, slope);
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
  return gatherPass(shape, chooseGather(shape, traitsOfAdapter()), bias === null ? [dy, filter] : [dy, filter, bias]);
}

/** Gradient to the filter of shape `filterShape` [kh, kw, in, out]. */
export function filterGradientPass(
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: Shape4D,
  conv: BorderedConv,
): TensorInfo {
  const shape = convShape('toFilter', fourAxes(x), filterShape, fourAxes(dy), conv);
  return filterPass(shape, chooseFilter(shape, traitsOfAdapter()), [x, dy]);
}

/** A pass with a kernel of the caller's choice. `inputs`: x or dy, filter, bias; for the filter's gradient x and dy. */
export function runConvolution(shape: ConvShape, variant: ConvVariant, inputs: readonly TensorInfo[]): TensorInfo {
  return isFilterVariant(variant) ? filterPass(shape, variant, inputs) : gatherPass(shape, variant, inputs);
}

/** What the choice of a kernel depends on, of the open device. */
export function traitsOfAdapter(): AdapterTraits {
  return { software: isSoftwareDevice(), lanes: subgroupLanes(), half: hasHalfFloats() };
}

function fourAxes(tensor: TensorInfo): Shape4D {
  return tensor.shape as Shape4D;
}
