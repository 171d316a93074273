// Scores a network as benchmarks do: pictures at the network's size, truth at its own (Cityscapes' evaluator; `evaluate` is the
// quick way, at the size of tiles).
import type { Size } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import { readValues } from '../backend/readback.ts';
import * as tf from '../tf.ts';
import { type LabelMap, LabelSizeConfusion, stripsOf } from './labelSizeConfusion.ts';
import type { Predict } from './trainer.ts';
import { uploadBatch } from './upload.ts';

/** RGB bytes [height, width, 3] of the network's size, and what they show, at any size. */
export interface LabelledPicture {
  readonly image: Uint8Array;
  readonly truth: LabelMap;
}

export interface LabelSizeEvaluation {
  readonly images: number;
  readonly confusion: Float64Array;
  /** How many labels had which size. */
  readonly labelSizes: readonly (Size & { readonly images: number })[];
}

/** Half of what every WebGPU device binds: scores are read back in pieces of no more. */
const PIECE_BYTES = 64 * 2 ** 20;

/** Evaluates `predict` over pictures of `size`, one at a time: its scores are the largest thing there is. */
export async function evaluateAtLabels(
  predict: Predict,
  pictures: AsyncIterable<LabelledPicture>,
  size: Size,
  pieceBytes = PIECE_BYTES,
): Promise<LabelSizeEvaluation> {
  let counts: LabelSizeConfusion | null = null;
  const sizes = new Map<string, Size & { images: number }>();
  let images = 0;
  for await (const { image, truth } of pictures) {
    const scores = tf.tidy(() => predict(uploadBatch({ size, count: 1, images: image, labels: null }, false).images));
    try {
      const [, rows, columns, classes] = scores.shape;
      counts ??= new LabelSizeConfusion({ width: columns, height: rows }, classes);
      for (const strip of stripsOf(rows, truth.height, Math.floor(pieceBytes / (4 * columns * classes)))) {
        counts.add(await rowsOf(scores, strip.first, strip.count), strip, truth);
      }
    } finally {
      scores.dispose();
    }
    const { width, height } = truth;
    const known = sizes.get(`${width}x${height}`) ?? { width, height, images: 0 };
    sizes.set(`${width}x${height}`, { ...known, images: known.images + 1 });
    images++;
  }
  invariant(counts, () => 'There was nothing to evaluate.');
  return { images, confusion: counts.confusion, labelSizes: [...sizes.values()] };
}

async function rowsOf(scores: tf.Tensor4D, first: number, count: number): Promise<Float32Array> {
  const [, rows, columns, classes] = scores.shape;
  if (count === rows) return (await readValues(scores)) as Float32Array;
  const piece = tf.tidy(() => tf.slice(scores, [0, first, 0, 0], [1, count, columns, classes]));
  try {
    return (await readValues(piece)) as Float32Array;
  } finally {
    piece.dispose();
  }
}
