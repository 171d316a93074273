// Pictures to another size: area average where they shrink, bilinear where they grow, nearest for labels.
// Plain double arithmetic in one order, so that every host writes the same bytes.
import type { Size } from '../domain/dataset.ts';
import type { RgbImage } from './ports.ts';

/** For each output position: the first input position, how many, and their weights (which sum to 1). */
interface AxisWeights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [output, maxCount] */
  readonly weights: Float64Array;
  readonly maxCount: number;
}

/** Each output pixel averages the input interval that it covers, edges by their fraction. */
function areaWeights(from: number, to: number): AxisWeights {
  const scale = from / to;
  const maxCount = Math.ceil(scale) + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Float64Array(to * maxCount);
  for (let i = 0; i < to; i++) {
    // Integers over `to`: exact edges, so that no stray sliver of a neighbour enters.
    const left = (i * from) / to;
    const right = ((i + 1) * from) / to;
    const start = Math.floor(left);
    const end = Math.min(from, Math.ceil(right));
    starts[i] = start;
    counts[i] = end - start;
    for (let j = start; j < end; j++) {
      const covered = Math.min(j + 1, right) - Math.max(j, left);
      weights[i * maxCount + (j - start)] = covered / scale;
    }
  }
  return { starts, counts, weights, maxCount };
}

/** Half-pixel centres, edges repeated: the resampling of align_corners = false. */
function bilinearWeights(from: number, to: number): AxisWeights {
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Float64Array(to * 2);
  for (let i = 0; i < to; i++) {
    const centre = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const start = Math.min(Math.floor(centre), Math.max(0, from - 2));
    const fraction = centre - start;
    starts[i] = start;
    counts[i] = Math.min(2, from);
    weights[i * 2] = 1 - fraction;
    weights[i * 2 + 1] = fraction;
  }
  return { starts, counts, weights, maxCount: 2 };
}

const axisWeights = (from: number, to: number): AxisWeights =>
  to < from ? areaWeights(from, to) : bilinearWeights(from, to);

/** One row of RGB, resampled along x into `out` at `offset`. */
function resampleRow(data: Uint8Array, rowStart: number, axis: AxisWeights, out: Float64Array, offset: number): void {
  const { starts, counts, weights, maxCount } = axis;
  for (let x = 0; x < starts.length; x++) {
    let at = rowStart + (starts[x] ?? 0) * 3;
    const first = x * maxCount;
    const end = first + (counts[x] ?? 0);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let w = first; w < end; w++, at += 3) {
      const weight = weights[w] ?? 0;
      red += weight * (data[at] ?? 0);
      green += weight * (data[at + 1] ?? 0);
      blue += weight * (data[at + 2] ?? 0);
    }
    const to = offset + x * 3;
    out[to] = red;
    out[to + 1] = green;
    out[to + 2] = blue;
  }
}

/** Resamples an RGB picture: area average along an axis that shrinks, bilinear along one that grows. */
export function resizeImage(image: RgbImage, size: Size): RgbImage {
  if (image.width === size.width && image.height === size.height) return image;
  const across = axisWeights(image.width, size.width);
  const down = axisWeights(image.height, size.height);
  const rowLength = size.width * 3;
  const data = new Uint8Array(rowLength * size.height);
  // Rows resampled along x wait in a ring: neighbouring output rows share some of them.
  const ring = new Float64Array(down.maxCount * rowLength);
  const sum = new Float64Array(rowLength);
  let ready = 0;
  for (let y = 0; y < size.height; y++) {
    const start = down.starts[y] ?? 0;
    const count = down.counts[y] ?? 0;
    for (ready = Math.max(ready, start); ready < start + count; ready++) {
      resampleRow(image.data, ready * image.width * 3, across, ring, (ready % down.maxCount) * rowLength);
    }
    sum.fill(0.5);
    for (let j = 0; j < count; j++) {
      const weight = down.weights[y * down.maxCount + j] ?? 0;
      const from = ((start + j) % down.maxCount) * rowLength;
      for (let i = 0; i < rowLength; i++) sum[i] = (sum[i] ?? 0) + weight * (ring[from + i] ?? 0);
    }
    // Truncation of value + 0.5 rounds; weights may sum to a hair above 1, hence the cap.
    const to = y * rowLength;
    for (let i = 0; i < rowLength; i++) data[to + i] = Math.min(255, sum[i] ?? 0);
  }
  return { width: size.width, height: size.height, data };
}

/** Resamples train ids: output pixel i takes input floor((i + 0.5) * in / out), so no value is ever invented. */
export function resizeLabels(labels: Uint8Array, from: Size, to: Size): Uint8Array {
  if (from.width === to.width && from.height === to.height) return labels;
  const columns = Int32Array.from({ length: to.width }, (_, x) => Math.floor(((x + 0.5) * from.width) / to.width));
  const resized = new Uint8Array(to.width * to.height);
  for (let y = 0; y < to.height; y++) {
    const row = Math.floor(((y + 0.5) * from.height) / to.height) * from.width;
    const out = y * to.width;
    for (let x = 0; x < to.width; x++) resized[out + x] = labels[row + (columns[x] ?? 0)] ?? 0;
  }
  return resized;
}
