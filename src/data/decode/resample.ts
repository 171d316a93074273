// Pictures to another size: area average where they shrink, bilinear where they grow, nearest for labels.
// Plain double arithmetic in one order, so that every host writes the same bytes.
import type { RgbImage, Size } from '../../domain/dataset.ts';

/**
 * For each output position: the first input position, how many, and the weights of the first, the last and all between
 * (they sum to 1). A single position has weight 1.
 */
interface AxisWeights {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly between: number;
  readonly maxCount: number;
}

const emptyAxis = (to: number, between: number, maxCount: number): AxisWeights => ({
  starts: new Int32Array(to),
  counts: new Int32Array(to),
  first: new Float64Array(to).fill(1),
  last: new Float64Array(to),
  between,
  maxCount,
});

/** Each output pixel averages the input interval that it covers, edges by their fraction. */
function areaWeights(from: number, to: number): AxisWeights {
  const scale = from / to;
  const axis = emptyAxis(to, 1 / scale, Math.ceil(scale) + 1);
  for (let i = 0; i < to; i++) {
    // One division each: exact where the edge is whole, so that no sliver of a neighbour enters.
    const left = (i * from) / to;
    const right = ((i + 1) * from) / to;
    const start = Math.floor(left);
    const end = Math.min(from, Math.ceil(right));
    axis.starts[i] = start;
    axis.counts[i] = end - start;
    if (end - start === 1) continue;
    axis.first[i] = (start + 1 - left) / scale;
    axis.last[i] = (right - (end - 1)) / scale;
  }
  return axis;
}

/** Half-pixel centres, edges repeated: the resampling of align_corners = false. */
function bilinearWeights(from: number, to: number): AxisWeights {
  const axis = emptyAxis(to, 0, 2);
  for (let i = 0; i < to; i++) {
    const centre = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const start = Math.floor(centre);
    axis.starts[i] = start;
    axis.counts[i] = centre === start ? 1 : 2;
    axis.first[i] = start + 1 - centre;
    axis.last[i] = centre - start;
  }
  return axis;
}

const axisWeights = (from: number, to: number): AxisWeights =>
  to < from ? areaWeights(from, to) : bilinearWeights(from, to);

/** One row of RGB, resampled along x into `out` at `offset`. */
function resampleRow(data: Uint8Array, rowStart: number, axis: AxisWeights, out: Float64Array, offset: number): void {
  const { starts, counts, first, last, between } = axis;
  for (let x = 0; x < starts.length; x++) {
    const start = rowStart + (starts[x] ?? 0) * 3;
    const count = counts[x] ?? 0;
    const end = start + (count - 1) * 3;
    // Whole numbers between the edges are summed first and weighted once.
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let at = start + 3; at < end; at += 3) {
      red += data[at] ?? 0;
      green += data[at + 1] ?? 0;
      blue += data[at + 2] ?? 0;
    }
    const weightFirst = first[x] ?? 0;
    const weightLast = last[x] ?? 0;
    const to = offset + x * 3;
    out[to] = weightFirst * (data[start] ?? 0) + between * red + weightLast * (data[end] ?? 0);
    out[to + 1] = weightFirst * (data[start + 1] ?? 0) + between * green + weightLast * (data[end + 1] ?? 0);
    out[to + 2] = weightFirst * (data[start + 2] ?? 0) + between * blue + weightLast * (data[end + 2] ?? 0);
  }
}

/** Rows resampled along x, kept as long as an output row may need them: neighbouring output rows share some. */
class RowRing {
  readonly rows: Float64Array[];
  private readonly fill: (row: number, out: Float64Array) => void;
  private ready = 0;

  constructor(capacity: number, rowLength: number, fill: (row: number, out: Float64Array) => void) {
    this.rows = Array.from({ length: capacity }, () => new Float64Array(rowLength));
    this.fill = fill;
  }

  /** The row; at most `capacity` rows behind the furthest that was asked for. */
  row(index: number): Float64Array {
    for (; this.ready <= index; this.ready++) this.fill(this.ready, this.slot(this.ready));
    return this.slot(index);
  }

  private slot(index: number): Float64Array {
    return this.rows[index % this.rows.length] ?? new Float64Array(0);
  }
}

/** Resamples an RGB picture: area average along an axis that shrinks, bilinear along one that grows. */
export function resizeImage(image: RgbImage, size: Size): RgbImage {
  if (image.width === size.width && image.height === size.height) return image;
  const across = axisWeights(image.width, size.width);
  const down = axisWeights(image.height, size.height);
  const rowLength = size.width * 3;
  // Clamped: rounds to the nearest, and weights that sum to a hair above 1 cannot wrap around.
  const data = new Uint8ClampedArray(rowLength * size.height);
  const ring = new RowRing(down.maxCount, rowLength, (row, out) => {
    resampleRow(image.data, row * image.width * 3, across, out, 0);
  });
  const sum = new Float64Array(rowLength);
  for (let y = 0; y < size.height; y++) {
    const start = down.starts[y] ?? 0;
    const end = start + (down.counts[y] ?? 0) - 1;
    const out = data.subarray(y * rowLength, (y + 1) * rowLength);
    const firstRow = ring.row(start);
    if (end === start) {
      out.set(firstRow);
      continue;
    }
    const weightFirst = down.first[y] ?? 0;
    const weightLast = down.last[y] ?? 0;
    if (end === start + 1) {
      const lastRow = ring.row(end);
      for (let i = 0; i < rowLength; i++) out[i] = weightFirst * (firstRow[i] ?? 0) + weightLast * (lastRow[i] ?? 0);
      continue;
    }
    for (let i = 0; i < rowLength; i++) sum[i] = weightFirst * (firstRow[i] ?? 0);
    for (let row = start + 1; row < end; row++) {
      const between = ring.row(row);
      for (let i = 0; i < rowLength; i++) sum[i] = (sum[i] ?? 0) + down.between * (between[i] ?? 0);
    }
    const lastRow = ring.row(end);
    for (let i = 0; i < rowLength; i++) out[i] = (sum[i] ?? 0) + weightLast * (lastRow[i] ?? 0);
  }
  return { width: size.width, height: size.height, data: new Uint8Array(data.buffer) };
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
