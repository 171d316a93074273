// A network's scores against labels of another size: the scores are enlarged to the labels, never the labels shrunk to the scores,
// so that what is one pixel wide in the truth stays in it. On the host, row by row: enlarged scores of a Cityscapes picture would
// be a buffer of 152 MiB, more than every WebGPU device binds.
import type { Size } from '../../domain/dataset.ts';

/** Class indices [height, width], 255 = ignore, as their file has them. */
export interface LabelMap extends Size {
  readonly labels: Uint8Array;
}

/** For each output position its two inputs and the share of the second. */
interface Axis {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly share: Float64Array;
}

/** Half-pixel centres, edges repeated: bilinear interpolation with align_corners = false, as PyTorch's `interpolate` does it. */
function axisOf(from: number, to: number): Axis {
  const centres = Float64Array.from({ length: to }, (_, i) => Math.max(0, ((i + 0.5) * from) / to - 0.5));
  const lower = Int32Array.from(centres, (centre) => Math.min(from - 1, Math.floor(centre)));
  return {
    lower,
    upper: lower.map((at) => Math.min(from - 1, at + 1)),
    share: centres.map((centre, i) => Math.min(1, centre - (lower[i] ?? 0))),
  };
}

/** Rows `from` to `to` of the labels, and the `count` rows of scores from `first` on that they lie between. */
export interface Strip {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly count: number;
}

/** The rows of `labels` in strips that need at most `maxRows` (two at least) of the `rows` rows of scores. */
export function stripsOf(rows: number, labels: number, maxRows: number): readonly Strip[] {
  const { lower, upper } = axisOf(rows, labels);
  const strips: Strip[] = [];
  for (let from = 0; from < labels; ) {
    const first = lower[from] ?? 0;
    let to = from + 1;
    while (to < labels && (upper[to] ?? 0) - first < Math.max(2, maxRows)) to++;
    strips.push({ from, to, first, count: (upper[to - 1] ?? 0) - first + 1 });
    from = to;
  }
  return strips;
}

/** Counts pictures whose scores have one size into one confusion matrix: [truth * classes + prediction], in doubles. */
export class LabelSizeConfusion {
  readonly confusion: Float64Array;
  private readonly size: Size;
  private readonly classes: number;
  /** One row of scores, enlarged downwards only: [width, classes]. */
  private readonly row: Float64Array;

  /** `size` is that of the scores. */
  constructor(size: Size, classes: number) {
    this.size = size;
    this.classes = classes;
    this.confusion = new Float64Array(classes * classes);
    this.row = new Float64Array(size.width * classes);
  }

  /** Counts one strip of a picture. `scores` are its rows, [count, width, classes]. Of equal scores the first class wins. */
  add(scores: Float32Array, { from, to, first }: Strip, { width, height, labels }: LabelMap): void {
    const { size, row } = this;
    const across = axisOf(size.width, width);
    const { lower, upper, share } = axisOf(size.height, height);
    for (let y = from; y < to; y++) {
      const above = ((lower[y] ?? 0) - first) * row.length;
      const below = ((upper[y] ?? 0) - first) * row.length;
      const t = share[y] ?? 0;
      for (let i = 0; i < row.length; i++) {
        const score = scores[above + i] ?? 0;
        row[i] = score + t * ((scores[below + i] ?? 0) - score);
      }
      this.addRow(across, labels.subarray(y * width, (y + 1) * width));
    }
  }

  private addRow({ lower, upper, share }: Axis, labels: Uint8Array): void {
    const { row, classes, confusion } = this;
    for (let x = 0; x < labels.length; x++) {
      const label = labels[x] ?? 0;
      if (label >= classes) continue;
      const left = (lower[x] ?? 0) * classes;
      const right = (upper[x] ?? 0) * classes;
      const t = share[x] ?? 0;
      let best = 0;
      let most = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < classes; c++) {
        const score = row[left + c] ?? 0;
        const value = score + t * ((row[right + c] ?? 0) - score);
        if (value > most) {
          most = value;
          best = c;
        }
      }
      const cell = label * classes + best;
      confusion[cell] = (confusion[cell] ?? 0) + 1;
    }
  }
}
