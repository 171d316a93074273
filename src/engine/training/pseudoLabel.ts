// Lets a teacher label a whole pool of images: several AutoAugment views of each, fused into one decision per pixel.
// What the labels amount to is counted in domain/pseudoLabels.ts; storing them is the session's.
import { IGNORE } from '../../domain/classes.ts';
import type { HostBatch, Size } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import type { ParamSpecs } from '../../domain/params.ts';
import {
  CONFIDENCE_LEVELS,
  type ConfidenceSurvey,
  emptySurvey,
  keepConfident,
  THRESHOLD_RULES,
} from '../../domain/pseudoLabels.ts';
import { RandomStream } from '../../domain/rng.ts';
import { applyOperations } from '../augment/autoAugment/operations.ts';
import { drawOperations, POLICIES, type PolicyId } from '../augment/autoAugment/policies.ts';
import { readValues } from '../backend/readback.ts';
import { type Affine, affineRows, IDENTITY, inverted } from '../ops/core/affine.ts';
import { fuseViews } from '../ops/fuseViews/fuseViews.ts';
import { FUSIONS, type Fusion } from '../ops/fuseViews/fusion.ts';
import * as tf from '../tf.ts';
import type { Predict } from './trainer.ts';
import { uploadBatch } from './upload.ts';

/** What a person chooses for this stage; `thresholdLevels` turns rule and threshold into levels. */
export const PSEUDO_LABEL_PARAMS = {
  views: { kind: 'number', default: 3, min: 0, max: 8, step: 1, integer: true },
  policy: { kind: 'choice', default: 'imagenet18-color', options: POLICIES },
  fusion: { kind: 'choice', default: 'max', options: FUSIONS },
  thresholdRule: { kind: 'choice', default: 'global', options: THRESHOLD_RULES },
  threshold: { kind: 'number', default: 0.9, min: 0, max: 1, step: 0.01 },
  majority: { kind: 'toggle', default: false },
} as const satisfies ParamSpecs;

export interface PseudoLabelOptions {
  readonly seed: number;
  /** Of self-training, from 0: another round sees other views. */
  readonly round: number;
  /** Augmented views beside the image itself. */
  readonly views: number;
  readonly policy: PolicyId;
  readonly fusion: Fusion;
  /** Per class, the confidence level from which a pixel keeps its label. */
  readonly levels: Uint8Array;
  /** Counts a pixel as unsure (confidence 0) unless at least half of the views, the image among them, decide alike. */
  readonly majority: boolean;
}

export interface PoolBatch {
  /** Its labels are not looked at. */
  readonly batch: HostBatch;
  /** Position in the pool of each image: the views are drawn from it, whatever batch it comes in. */
  readonly ids: readonly number[];
}

/** One batch's labels, all [count * height * width]. */
export interface PseudoLabelPart {
  readonly ids: readonly number[];
  readonly size: Size;
  /** Decided classes, before the threshold. */
  readonly classes: Uint8Array;
  /** The same after it: 255 where dropped. */
  readonly labels: Uint8Array;
  /** In 256 levels. */
  readonly confidence: Uint8Array;
  /** Of this part alone. */
  readonly survey: ConfidenceSurvey;
}

/** Labels batch after batch, in order, with one read-back each; the next batch is on its way while one is read. */
export async function* pseudoLabel(
  predict: Predict,
  batches: AsyncIterable<PoolBatch>,
  options: PseudoLabelOptions,
): AsyncGenerator<PseudoLabelPart, void, void> {
  let ahead: Promise<PseudoLabelPart> | null = null;
  try {
    for await (const pool of batches) {
      const { packed, classes } = queue(predict, pool, options);
      const next = read(packed, classes, pool, options);
      // Its failure is seen when it is awaited; until then it is not unhandled.
      next.catch(() => undefined);
      const ready = ahead;
      ahead = next;
      if (ready !== null) yield await ready;
    }
    const last = ahead;
    ahead = null;
    if (last !== null) yield await last;
  } finally {
    await ahead?.catch(() => undefined);
  }
}

const AGREEING_UNIT = CONFIDENCE_LEVELS * 256;

/** Queues a batch: class + 256 * level + 65536 * agreeing views, int32 [count, height, width], of so many classes. */
function queue(
  predict: Predict,
  { batch, ids }: PoolBatch,
  options: PseudoLabelOptions,
): { readonly packed: tf.Tensor3D; readonly classes: number } {
  invariant(ids.length === batch.count, () => `${ids.length} positions for ${batch.count} images.`);
  let classes = 0;
  const packed = tf.tidy(() => {
    const views = Array.from({ length: options.views + 1 }, (_, view) => drawView(batch, ids, view, options));
    // View by view, so that what a deep network leaves behind is freed in between.
    const logits = views.map(({ images }) => tf.tidy(() => predict(imagesOf(images, batch))));
    const maps = views.flatMap(({ toView }) => toView);
    classes = logits[0]?.shape[3] ?? 0;
    const fused = fuseViews(
      tf.concat(logits, 0),
      { views: views.length, toView: tf.tensor2d(affineRows(maps), [maps.length, 6]), thresholds: tf.zeros([classes]) },
      options.fusion,
    );
    const level = tf.floor(tf.add(tf.mul(fused.confidence, CONFIDENCE_LEVELS - 1), 0.5));
    const units = (unit: number): tf.Scalar => tf.scalar(unit, 'int32');
    return tf.addN([
      fused.classes,
      tf.mul(tf.cast(level, 'int32'), units(256)),
      tf.mul(fused.agreeing, units(AGREEING_UNIT)),
    ]) as tf.Tensor3D;
  });
  return { packed, classes };
}

/** On the GPU; whatever labels the pool has stay where they are. */
function imagesOf(images: Uint8Array, { size, count }: HostBatch): tf.Tensor4D {
  return uploadBatch({ size, count, images, labels: null }, false).images;
}

/** View `view` of every image, as bytes, and where it shows the image's pixels; view 0 is the images themselves. */
function drawView(
  { images, count, size }: HostBatch,
  ids: readonly number[],
  view: number,
  { seed, round, policy }: PseudoLabelOptions,
): { readonly images: Uint8Array; readonly toView: readonly Affine[] } {
  if (view === 0) return { images, toView: ids.map(() => IDENTITY) };
  const bytes = images.length / count;
  const result = new Uint8Array(images.length);
  const toView = ids.map((id, i) => {
    const random = new RandomStream(seed, 'pseudo-label', round, id, view);
    const data = images.subarray(i * bytes, (i + 1) * bytes);
    const augmented = applyOperations({ ...size, data }, drawOperations(policy, random));
    result.set(augmented.image.data, i * bytes);
    return inverted(augmented.map);
  });
  return { images: result, toView };
}

async function read(
  packed: tf.Tensor3D,
  classCount: number,
  { ids, batch }: PoolBatch,
  options: PseudoLabelOptions,
): Promise<PseudoLabelPart> {
  const values = await readValues(packed).finally(() => packed.dispose());
  const all = options.views + 1;
  const survey = { ...emptySurvey(classCount), images: batch.count, pixels: values.length };
  const classes = Uint8Array.from(values, (value) => value & 0xff);
  const confidence = Uint8Array.from(values, (value) => {
    const isMinority = options.majority && 2 * Math.floor(value / AGREEING_UNIT) < all;
    return isMinority ? 0 : (value >> 8) & 0xff;
  });
  let agreeing = 0;
  values.forEach((value: number, i: number) => {
    agreeing += Math.floor(value / AGREEING_UNIT);
    const cell = (classes[i] ?? IGNORE) * CONFIDENCE_LEVELS + (confidence[i] ?? 0);
    survey.levels[cell] = (survey.levels[cell] ?? 0) + 1;
  });
  return {
    ids,
    size: batch.size,
    classes,
    labels: keepConfident(classes, confidence, options.levels),
    confidence,
    survey: { ...survey, agreement: agreeing / all },
  };
}
