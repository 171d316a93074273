// Convolution in float64: the defining sum.
import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import type { ResolvedConv } from '../core/geometry.ts';

export function outputSize(size: number, kernel: number, stride: number, dilation: number, padding: number): number {
  return Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

export function conv2dReference(x: NdArray, filter: NdArray, conv: ResolvedConv): NdArray {
  const [batch, height, width, inputs] = shape4(x);
  const [kh, kw, , outputs] = shape4(filter);
  const { stride, dilation, padding } = conv;
  const oh = outputSize(height, kh, stride[0], dilation[0], padding.top + padding.bottom);
  const ow = outputSize(width, kw, stride[1], dilation[1], padding.left + padding.right);
  return build([batch, oh, ow, outputs], (n, i, j, o) => {
    let sum = 0;
    for (let ki = 0; ki < kh; ki++)
      for (let kj = 0; kj < kw; kj++)
        for (let c = 0; c < inputs; c++) {
          const row = i * stride[0] + ki * dilation[0] - padding.top;
          const column = j * stride[1] + kj * dilation[1] - padding.left;
          sum += at(x, n, row, column, c) * at(filter, ki, kj, c, o);
        }
    return sum;
  });
}
