// Depthwise convolution in float64: the defining sum.
import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import { outputSize } from '../conv2d/conv2d.reference.ts';
import type { ResolvedConv } from '../core/geometry.ts';

export function depthwiseConv2dReference(x: NdArray, filter: NdArray, conv: ResolvedConv): NdArray {
  const [batch, height, width, channels] = shape4(x);
  const [kh, kw, , multiplier] = shape4(filter);
  const { stride, dilation, padding } = conv;
  const oh = outputSize(height, kh, stride[0], dilation[0], padding.top + padding.bottom);
  const ow = outputSize(width, kw, stride[1], dilation[1], padding.left + padding.right);
  return build([batch, oh, ow, channels * multiplier], (n, i, j, o) => {
    const c = Math.floor(o / multiplier);
    let sum = 0;
    for (let ki = 0; ki < kh; ki++)
      for (let kj = 0; kj < kw; kj++) {
        const row = i * stride[0] + ki * dilation[0] - padding.top;
        const column = j * stride[1] + kj * dilation[1] - padding.left;
        sum += at(x, n, row, column, c) * at(filter, ki, kj, c, o % multiplier);
      }
    return sum;
  });
}
