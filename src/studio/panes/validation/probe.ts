// What is known about one pixel. Pure.
import { IGNORE } from '../../../domain/classes.ts';
import type { PinnedImage, PredictionFrame } from '../../../domain/pictures.ts';
import { thresholdWord } from '../../stores/keptTally.ts';

export interface Probe {
  readonly x: number;
  readonly y: number;
  /** Class index; null where the image has no labels, 255 where the label is to be ignored. */
  readonly truth: number | null;
  readonly prediction: {
    readonly index: number;
    /** 0..1 */
    readonly confidence: number;
    readonly kept: boolean;
  } | null;
}

/** Null if there is no such image. */
export function probeAt(
  pinned: readonly PinnedImage[],
  frame: PredictionFrame | null,
  threshold: number,
  row: number,
  pixel: number,
): Probe | null {
  const image = pinned[row];
  if (image === undefined) return null;
  const { width } = image.size;
  const prediction = frame?.predictions[row];
  const word = prediction?.confidence[pixel] ?? 0;
  return {
    x: pixel % width,
    y: Math.floor(pixel / width),
    truth: image.labels === null ? null : (image.labels[pixel] ?? IGNORE),
    prediction:
      prediction === undefined
        ? null
        : {
            index: prediction.classes[pixel] ?? IGNORE,
            confidence: word / 65535,
            kept: word >= thresholdWord(threshold),
          },
  };
}
