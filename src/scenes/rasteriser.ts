// A software rasteriser over typed arrays: colour, label and depth of one picture. No canvas: its anti-aliasing differs
// between browsers, so neither labels nor pictures would be reproducible. Knows pixels only; metres are the painter's.
import { type Paint, packRgb, type Rgb } from './paint.ts';

/** As a label: leave label and depth as they are. */
export const PAINT_ONLY = -1;
/** As a depth: write the label but leave the depth below. */
export const KEEP_DEPTH = -1;

const MOST_CROSSINGS = 64;
/** Above this many pixels fill() is worth its call. */
const LONG_SPAN = 24;

export class Raster {
  readonly width: number;
  readonly height: number;
  /** Packed RGB per pixel, red in the low byte. */
  readonly colours: Uint32Array;
  readonly labels: Uint8Array;
  /** Metres along the optical axis. */
  readonly depths: Float32Array;
  // Of the primitive at hand; kept here because thousands of small objects a picture would be thrown away.
  private readonly crossings = new Float64Array(MOST_CROSSINGS);
  private top = 0;
  private bottom = 0;
  private firstRow = 0;
  private endRow = 0;
  private paint: Paint = { top: [0, 0, 0], bottom: [0, 0, 0] };
  private flatColour = 0;
  private paintTop = 0;
  private paintScale = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.colours = new Uint32Array(width * height);
    this.labels = new Uint8Array(width * height);
    this.depths = new Float32Array(width * height);
  }

  /** Even-odd polygon, filled where a pixel's centre lies inside. `points` are x, y in turn. */
  polygon(points: readonly number[], paint: Paint, label: number, depth: number): void {
    this.measure(points);
    const { crossings, firstRow, endRow } = this;
    this.begin(paint, this.top, this.bottom);
    for (let row = firstRow; row < endRow; row++) {
      const count = this.crossingsAt(points, row + 0.5);
      const colour = this.rowColour(row);
      for (let i = 0; i + 1 < count; i += 2) {
        this.span(row, crossings[i] ?? 0, crossings[i + 1] ?? 0, colour, label, depth);
      }
    }
  }

  /** One column of an upright surface between `y0` and `y1` (downwards), coloured row by row. */
  column(
    column: number,
    y0: number,
    y1: number,
    label: number,
    depth: number,
    colourAt: (row: number) => number,
  ): void {
    if (column < 0 || column >= this.width) return;
    const { colours, labels, depths, width } = this;
    const end = Math.min(this.height, Math.ceil(y1 - 0.5));
    for (let row = Math.max(0, Math.ceil(y0 - 0.5)), at = row * width + column; row < end; row++, at += width) {
      colours[at] = colourAt(row);
      labels[at] = label;
      depths[at] = depth;
    }
  }

  /** Axis-aligned ellipse. */
  ellipse(x: number, y: number, rx: number, ry: number, paint: Paint, label: number, depth: number): void {
    if (!(rx > 0 && ry > 0)) return;
    const first = Math.max(0, Math.ceil(y - ry - 0.5));
    const end = Math.min(this.height, Math.ceil(y + ry - 0.5));
    this.begin(paint, y - ry, y + ry);
    for (let row = first; row < end; row++) {
      const dy = (row + 0.5 - y) / ry;
      const half = rx * Math.sqrt(Math.max(0, 1 - dy * dy));
      this.span(row, x - half, x + half, this.rowColour(row), label, depth);
    }
  }

  /** Rows [first, end) over the whole width; the colour runs from top to bottom of the range. */
  band(first: number, end: number, paint: Paint, label: number, depthAt: (row: number) => number): void {
    this.begin(paint, first, end);
    for (let row = Math.max(0, first); row < Math.min(this.height, end); row++) {
      this.span(row, 0, this.width, this.rowColour(row), label, depthAt(row));
    }
  }

  /** Mixes colour into what is there: `strength` in the middle of the ellipse, nothing at its rim. Never touches labels. */
  softEllipse(x: number, y: number, rx: number, ry: number, colour: Rgb, strength: number): void {
    if (!(rx > 0 && ry > 0)) return;
    const first = Math.max(0, Math.ceil(y - ry - 0.5));
    const end = Math.min(this.height, Math.ceil(y + ry - 0.5));
    for (let row = first; row < end; row++) {
      const dy = (row + 0.5 - y) / ry;
      const half = rx * Math.sqrt(Math.max(0, 1 - dy * dy));
      const from = Math.max(0, Math.ceil(x - half - 0.5));
      const to = Math.min(this.width, Math.ceil(x + half - 0.5));
      for (let column = from; column < to; column++) {
        const dx = (column + 0.5 - x) / rx;
        this.blend(row * this.width + column, colour, Math.min(1, 1.6 * (1 - dx * dx - dy * dy)) * strength);
      }
    }
  }

  /** Mixes colour into a polygon. Never touches labels. */
  tint(points: readonly number[], colour: Rgb, strength: number): void {
    this.measure(points);
    const { firstRow, endRow } = this;
    for (let row = firstRow; row < endRow; row++) {
      const count = this.crossingsAt(points, row + 0.5);
      for (let i = 0; i + 1 < count; i += 2) {
        const from = Math.max(0, Math.ceil((this.crossings[i] ?? 0) - 0.5));
        const to = Math.min(this.width, Math.ceil((this.crossings[i + 1] ?? 0) - 0.5));
        for (let column = from; column < to; column++) this.blend(row * this.width + column, colour, strength);
      }
    }
  }

  /** Vertical extent of a polygon and the rows whose centres it may cover. */
  private measure(points: readonly number[]): void {
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < points.length; i += 2) {
      const y = points[i] ?? 0;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    this.top = top;
    this.bottom = bottom;
    this.firstRow = Math.max(0, Math.ceil(top - 0.5));
    this.endRow = Math.min(this.height, Math.ceil(bottom - 0.5));
  }

  /** The paint runs from `y0` to `y1`. */
  private begin(paint: Paint, y0: number, y1: number): void {
    const { top } = paint;
    this.paint = paint;
    this.paintTop = y0;
    this.paintScale = top === paint.bottom ? 0 : 1 / Math.max(y1 - y0, 1e-9);
    this.flatColour = packRgb(top[0], top[1], top[2]);
  }

  private rowColour(row: number): number {
    if (this.paintScale === 0) return this.flatColour;
    const t = (row + 0.5 - this.paintTop) * this.paintScale;
    const { top, bottom } = this.paint;
    return packRgb(
      top[0] + (bottom[0] - top[0]) * t,
      top[1] + (bottom[1] - top[1]) * t,
      top[2] + (bottom[2] - top[2]) * t,
    );
  }

  private blend(at: number, colour: Rgb, t: number): void {
    const packed = this.colours[at] ?? 0;
    const red = packed & 255;
    const green = (packed >>> 8) & 255;
    const blue = (packed >>> 16) & 255;
    this.colours[at] = packRgb(
      red + (colour[0] - red) * t + 0.5,
      green + (colour[1] - green) * t + 0.5,
      blue + (colour[2] - blue) * t + 0.5,
    );
  }

  private span(row: number, x0: number, x1: number, colour: number, label: number, depth: number): void {
    const from = row * this.width + Math.max(0, Math.ceil(x0 - 0.5));
    const to = row * this.width + Math.min(this.width, Math.ceil(x1 - 0.5));
    if (to <= from) return;
    const { colours, labels, depths } = this;
    if (to - from > LONG_SPAN) {
      colours.fill(colour, from, to);
      if (label === PAINT_ONLY) return;
      labels.fill(label, from, to);
      if (depth !== KEEP_DEPTH) depths.fill(depth, from, to);
      return;
    }
    for (let at = from; at < to; at++) colours[at] = colour;
    if (label === PAINT_ONLY) return;
    for (let at = from; at < to; at++) labels[at] = label;
    if (depth !== KEEP_DEPTH) for (let at = from; at < to; at++) depths[at] = depth;
  }

  /** Sorted x of the polygon's edges on a horizontal line. Edges are half open, so a vertex counts once. */
  private crossingsAt(points: readonly number[], y: number): number {
    const crossings = this.crossings;
    let count = 0;
    let x0 = points[points.length - 2] ?? 0;
    let y0 = points[points.length - 1] ?? 0;
    for (let i = 0; i < points.length; i += 2) {
      const x1 = points[i] ?? 0;
      const y1 = points[i + 1] ?? 0;
      if (y0 <= y !== y1 <= y && count < MOST_CROSSINGS) {
        const x = x0 + ((y - y0) * (x1 - x0)) / (y1 - y0);
        let slot = count++;
        for (; slot > 0 && (crossings[slot - 1] ?? 0) > x; slot--) crossings[slot] = crossings[slot - 1] ?? 0;
        crossings[slot] = x;
      }
      x0 = x1;
      y0 = y1;
    }
    return count;
  }
}
