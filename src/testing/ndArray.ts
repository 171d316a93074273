// Float64 arrays with a shape, for the references: slow, plain, and as close to the formulas as code gets. Nothing in
// here is used outside tests.

export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

export function zeros(shape: readonly number[]): NdArray {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

export function scalar(value: number): NdArray {
  return { shape: [], data: Float64Array.of(value) };
}

/** Value at [n, i, j, c]; 0 outside the map, which is what zero padding means. */
export function at({ shape, data }: NdArray, n: number, i: number, j: number, c: number): number {
  const [, height = 0, width = 0, channels = 0] = shape;
  if (i < 0 || i >= height || j < 0 || j >= width) return 0;
  return data[((n * height + i) * width + j) * channels + c] ?? 0;
}

/** Fills a new [batch, height, width, channels] array. */
export function build(
  shape: readonly [number, number, number, number],
  value: (n: number, i: number, j: number, c: number) => number,
): NdArray {
  const [batch, height, width, channels] = shape;
  const result = zeros(shape);
  let k = 0;
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) for (let c = 0; c < channels; c++) result.data[k++] = value(n, i, j, c);
  return result;
}

export function map(x: NdArray, transform: (value: number, index: number) => number): NdArray {
  return { shape: x.shape, data: x.data.map(transform) };
}

export function shape4({ shape }: NdArray): [number, number, number, number] {
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  return [a, b, c, d];
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] ?? 0;
  return sum / values.length;
}
