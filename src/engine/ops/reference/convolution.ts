// References of the convolution family and of reflection padding: the defining sums.
import type { ResolvedConv, Sides } from '../geometry.ts';
import { at, build, type NdArray, shape4, zeros } from './ndArray.ts';

function outputSize(size: number, kernel: number, stride: number, dilation: number, padding: number): number {
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

export function reflectPadReference(x: NdArray, { top, bottom, left, right }: Sides): NdArray {
  const [batch, height, width, channels] = shape4(x);
  const mirror = (index: number, size: number): number =>
    index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index;
  return build([batch, height + top + bottom, width + left + right, channels], (n, i, j, c) =>
    at(x, n, mirror(i - top, height), mirror(j - left, width), c),
  );
}
