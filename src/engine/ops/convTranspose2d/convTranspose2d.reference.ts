// Transposed convolution in float64, scattered as its definition says.
import { at, type NdArray, shape4, zeros } from '../../../testing/ndArray.ts';
import type { ResolvedConv } from '../core/geometry.ts';

/** Scatters every input value, weighted by the filter, into the output. */
export function convTranspose2dReference(
  x: NdArray,
  filter: NdArray,
  { stride, padding }: ResolvedConv,
  outputPadding: readonly [number, number],
): NdArray {
  const [batch, height, width, inputs] = shape4(x);
  const [kh, kw, outputs] = shape4(filter);
  const oh = (height - 1) * stride[0] - padding.top - padding.bottom + kh + outputPadding[0];
  const ow = (width - 1) * stride[1] - padding.left - padding.right + kw + outputPadding[1];
  const y = zeros([batch, oh, ow, outputs]);
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        for (let ki = 0; ki < kh; ki++)
          for (let kj = 0; kj < kw; kj++) {
            const row = i * stride[0] + ki - padding.top;
            const column = j * stride[1] + kj - padding.left;
            if (row < 0 || row >= oh || column < 0 || column >= ow) continue;
            for (let o = 0; o < outputs; o++) {
              let sum = 0;
              for (let c = 0; c < inputs; c++) sum += at(x, n, i, j, c) * at(filter, ki, kj, o, c);
              const k = ((n * oh + row) * ow + column) * outputs + o;
              y.data[k] = (y.data[k] ?? 0) + sum;
            }
          }
  return y;
}
