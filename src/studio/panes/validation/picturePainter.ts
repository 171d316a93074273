// Draws the grid of pictures outside React: canvases are attached, changes mark what is stale, one animation frame
// redraws it within a time budget. The counts of the threshold come out of the same pass.
import type { PinnedImage, PredictionFrame } from '../../../domain/pictures.ts';
import { drawPixels, paintClasses, paintPhoto } from '../../ui/pixels.ts';
import { paintConfidence } from '../../ui/viridis.ts';
import { countKept, type KeptCounts, paintPseudoLabels } from './paint.ts';

export const LAYERS = ['photo', 'truth', 'prediction', 'confidence', 'pseudo'] as const;
export type Layer = (typeof LAYERS)[number];

export interface PainterInput {
  readonly pinned: readonly PinnedImage[];
  readonly frame: PredictionFrame | null;
  readonly threshold: number;
  /** By class index, hidden classes transparent. */
  readonly colours: Uint32Array;
}

/** Milliseconds of drawing per animation frame; what is left waits for the next one, so that no task is long. */
const BUDGET_MS = 12;

/** How a canvas is handed to the painter: see {@link PicturePainter.attach}. */
export type Attach = (row: number, layer: Layer, cell: Layer, canvas: HTMLCanvasElement | null) => void;

export class PicturePainter {
  private readonly canvases = new Map<string, HTMLCanvasElement>();
  private readonly stale = new Set<string>();
  private readonly onCounts: (counts: readonly KeptCounts[]) => void;
  private input: PainterInput = { pinned: [], frame: null, threshold: 0, colours: new Uint32Array(256) };
  private countsStale = false;
  private scheduled: number | null = null;

  /** `onCounts` hears, once per redraw, what the threshold keeps of each image. */
  constructor(onCounts: (counts: readonly KeptCounts[]) => void) {
    this.onCounts = onCounts;
  }

  /** A canvas that shows a layer of a row in some cell came (or, with null, went); a photo lies under several masks. */
  attach(row: number, layer: Layer, cell: Layer, canvas: HTMLCanvasElement | null): void {
    const key = `${row}:${layer}:${cell}`;
    if (canvas === null) this.canvases.delete(key);
    else if (this.canvases.get(key) !== canvas) {
      this.canvases.set(key, canvas);
      this.stale.add(key);
      this.schedule();
    }
  }

  update(next: PainterInput): void {
    const { pinned, frame, threshold, colours } = this.input;
    this.input = next;
    const photos = next.pinned !== pinned;
    const masks = photos || next.colours !== colours;
    const model = masks || next.frame !== frame;
    if (photos) this.markStale('photo');
    if (masks) this.markStale('truth');
    if (model) this.markStale('prediction');
    if (photos || next.frame !== frame) this.markStale('confidence');
    if (model || next.threshold !== threshold) {
      this.markStale('pseudo');
      this.countsStale = true;
    }
    this.schedule();
  }

  close(): void {
    if (this.scheduled !== null) cancelAnimationFrame(this.scheduled);
    this.scheduled = null;
  }

  private markStale(layer: Layer): void {
    for (const key of this.canvases.keys()) if (key.split(':')[1] === layer) this.stale.add(key);
  }

  private schedule(): void {
    this.scheduled ??= requestAnimationFrame(() => {
      this.scheduled = null;
      this.redraw();
    });
  }

  private redraw(): void {
    const until = performance.now() + BUDGET_MS;
    if (this.countsStale) {
      this.countsStale = false;
      this.onCounts(this.count());
    }
    for (const key of this.stale) {
      this.stale.delete(key);
      this.draw(key);
      if (performance.now() > until) break;
    }
    if (this.stale.size > 0) this.schedule();
  }

  private count(): readonly KeptCounts[] {
    const { pinned, frame, threshold } = this.input;
    if (frame === null) return [];
    return frame.predictions.map(({ classes, confidence }, row) =>
      countKept(classes, confidence, pinned[row]?.labels ?? null, threshold),
    );
  }

  private draw(key: string): void {
    const [rowText, layer] = key.split(':');
    const row = Number(rowText);
    const canvas = this.canvases.get(key);
    const image = this.input.pinned[row];
    if (canvas === undefined || image === undefined) return;
    const prediction = this.input.frame?.predictions[row];
    const { width, height } = image.size;
    drawPixels(canvas, width, height, (out) => {
      if (layer === 'photo') paintPhoto(image.image, out);
      else if (layer === 'truth' && image.labels !== null) paintClasses(image.labels, this.input.colours, out);
      else if (prediction === undefined) out.fill(0);
      else if (layer === 'prediction') paintClasses(prediction.classes, this.input.colours, out);
      else if (layer === 'confidence') paintConfidence(prediction.confidence, out);
      else if (layer === 'pseudo') {
        paintPseudoLabels(prediction.classes, prediction.confidence, this.input.threshold, this.input.colours, out);
      }
    });
  }
}
