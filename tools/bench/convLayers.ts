// The distinct convolutions of the networks that the benchmark measures, with how often each occurs.
import type { Size } from '../../src/domain/dataset.ts';

export interface ConvLayer {
  readonly name: string;
  /** How often the network has a convolution of this very shape. */
  readonly count: number;
  readonly batch: number;
  /** Of the input map. */
  readonly size: Size;
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

type Row = readonly [
  name: string,
  count: number,
  size: Size,
  from: number,
  to: number,
  kernel: number,
  stride: number,
  dilation: number,
];

const layers = (batch: number, rows: readonly Row[]): ConvLayer[] =>
  rows.map(([name, count, size, from, to, kernel, stride, dilation]) => ({
    ...{ name, count, batch, size, from, to, kernel, stride, dilation },
  }));

/** Padding of all of them: dilation * floor(kernel / 2). */
export const paddingOf = ({ kernel, dilation }: ConvLayer): number => dilation * (kernel >> 1);

export function outputSize(layer: ConvLayer): Size {
  const { size, kernel, stride, dilation } = layer;
  const along = (length: number): number =>
    Math.floor((length + 2 * paddingOf(layer) - dilation * (kernel - 1) - 1) / stride) + 1;
  return { width: along(size.width), height: along(size.height) };
}

/** Multiply-adds times two of one direction. */
export function flopsOf(layer: ConvLayer): number {
  const { width, height } = outputSize(layer);
  return 2 * layer.batch * width * height * layer.kernel ** 2 * layer.from * layer.to;
}

/** Float32 map, filter and result, each once. */
export function bytesOf({ batch, size, from, to, kernel, ...rest }: ConvLayer): number {
  const out = outputSize({ batch, size, from, to, kernel, ...rest });
  return 4 * (batch * (size.width * size.height * from + out.width * out.height * to) + kernel ** 2 * from * to);
}

/** `lite` (engine/networks/lite.ts) for a batch of 4 images of 128x64. */
export function liteLayers(): ConvLayer[] {
  const at = (denominator: number): Size => ({ width: 128 / denominator, height: 64 / denominator });
  return layers(4, [
    ['s1', 1, at(1), 3, 12, 3, 2, 1],
    ['s2.0', 1, at(2), 12, 20, 3, 2, 1],
    ['s2.1', 1, at(4), 20, 20, 3, 1, 1],
    ['s3', 1, at(4), 20, 48, 3, 2, 1],
    ['blocks.a', 3, at(8), 48, 24, 1, 1, 1],
    ['blocks.b d1', 1, at(8), 24, 24, 3, 1, 1],
    ['blocks.b d2', 1, at(8), 24, 24, 3, 1, 2],
    ['blocks.b d4', 1, at(8), 24, 24, 3, 1, 4],
    ['blocks.c', 3, at(8), 24, 48, 1, 1, 1],
    ['aspp.0', 1, at(8), 48, 16, 1, 1, 1],
    ['aspp d1', 1, at(8), 48, 16, 3, 1, 1],
    ['aspp d2', 1, at(8), 48, 16, 3, 1, 2],
    ['aspp d4', 1, at(8), 48, 16, 3, 1, 4],
    ['red', 1, at(8), 64, 32, 1, 1, 1],
    ['mix', 1, at(4), 52, 32, 1, 1, 1],
    ['head', 1, at(4), 32, 19, 1, 1, 1],
    ['low', 1, at(2), 12, 19, 1, 1, 1],
  ]);
}

/** DeepLab v2 on ResNet-50 (Chen et al. 2018, with the strides of Caffe's ResNet) for one image of 320x180. */
export function deepLabLayers(): ConvLayer[] {
  const input: Size = { width: 320, height: 180 };
  const quarter: Size = { width: 81, height: 46 }; // after the stem and a pooling that rounds up
  const eighth: Size = { width: 41, height: 23 };
  return layers(1, [
    ['stem', 1, input, 3, 64, 7, 2, 1],
    ['layer1 in', 1, quarter, 64, 64, 1, 1, 1],
    ['layer1 a', 2, quarter, 256, 64, 1, 1, 1],
    ['layer1 b', 3, quarter, 64, 64, 3, 1, 1],
    ['layer1 c', 4, quarter, 64, 256, 1, 1, 1],
    ['layer2 in', 1, quarter, 256, 128, 1, 2, 1],
    ['layer2 skip', 1, quarter, 256, 512, 1, 2, 1],
    ['layer2 a', 3, eighth, 512, 128, 1, 1, 1],
    ['layer2 b', 4, eighth, 128, 128, 3, 1, 1],
    ['layer2 c', 4, eighth, 128, 512, 1, 1, 1],
    ['layer3 in', 1, eighth, 512, 256, 1, 1, 1],
    ['layer3 skip', 1, eighth, 512, 1024, 1, 1, 1],
    ['layer3 a', 5, eighth, 1024, 256, 1, 1, 1],
    ['layer3 b', 6, eighth, 256, 256, 3, 1, 2],
    ['layer3 c', 6, eighth, 256, 1024, 1, 1, 1],
    ['layer4 in', 1, eighth, 1024, 512, 1, 1, 1],
    ['layer4 skip', 1, eighth, 1024, 2048, 1, 1, 1],
    ['layer4 a', 2, eighth, 2048, 512, 1, 1, 1],
    ['layer4 b', 3, eighth, 512, 512, 3, 1, 4],
    ['layer4 c', 3, eighth, 512, 2048, 1, 1, 1],
    ...[6, 12, 18, 24].map((rate): Row => [`aspp d${rate}`, 1, eighth, 2048, 19, 3, 1, rate]),
  ]);
}
