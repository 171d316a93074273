// Golden cases of image mixing, view fusion and metrics.
import { IGNORE } from '../../../src/domain/classes.ts';
import { scoresOf } from '../../../src/domain/metrics.ts';
import { confusionCounts } from '../../../src/engine/ops/confusionCounts/confusionCounts.ts';
import { affineRows, IDENTITY, mirroring } from '../../../src/engine/ops/core/affine.ts';
import { fuseViews } from '../../../src/engine/ops/fuseViews/fuseViews.ts';
import { cutMixBox } from '../../../src/engine/ops/mix/cutMixBox.ts';
import { boxMask, classMask } from '../../../src/engine/ops/mix/masks.ts';
import { mixImages, mixLabels } from '../../../src/engine/ops/mix/mix.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';

export const MIXING: Readonly<Record<string, GoldenExecutor>> = {
  cutmix: (golden) => {
    const boxes = golden.attributes.boxes_y1x1y2x2;
    const labels = golden.tensor<tf.Tensor3D>('src_labels');
    const mask = boxMask(tf.tensor2d(boxes as number[][]), [labels.shape[1], labels.shape[2]]);
    return mixed(golden, mask, 'tgt', 'src');
  },
  cutmix_box: cutMixBoxes,
  classmix: (golden) => {
    const classes = golden.numbers('classes');
    const chosen = Array.from({ length: 19 }, (_, c) => (classes.includes(c) ? 1 : 0));
    return mixed(golden, classMask(golden.tensor('src_labels'), tf.tensor2d([chosen])), 'src', 'tgt');
  },
  kview_max_confidence: maxConfidence,
  segmentation_metrics: metrics,
};

function maxConfidence(golden: GoldenCase): GoldenResults {
  const [views, height, width, classes] = golden.tensor<tf.Tensor4D>('probs').shape;
  const flipped = golden.numbers('flipped_views');
  const maps = Array.from({ length: views }, (_, view) => (flipped.includes(view) ? mirroring(width) : IDENTITY));
  const toView = tf.tensor2d(affineRows(maps), [views, 6]);
  const thresholds: tf.Tensor1D = tf.fill([classes], golden.number('threshold'));
  // The softmax of a probability's logarithm is the probability.
  const fused = fuseViews(tf.log(golden.tensor<tf.Tensor4D>('probs')), { views, toView, thresholds }, 'max');
  const map = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [height, width]);
  const keep = tf.cast(tf.notEqual(fused.labels, IGNORE), 'float32');
  return {
    confidence: map(fused.confidence),
    argmax: map(fused.classes),
    best_view: map(fused.view),
    keep_mask: map(keep),
    pseudo_label: map(fused.labels),
    kept_fraction: tf.mean(keep),
  };
}

function mixed(golden: GoldenCase, mask: tf.Tensor3D, inside: string, outside: string): GoldenResults {
  return {
    mask,
    mixed_image: mixImages(golden.tensor(`${inside}_image`), golden.tensor(`${outside}_image`), mask),
    mixed_labels: mixLabels(golden.tensor(`${inside}_labels`), golden.tensor(`${outside}_labels`), mask),
  };
}

function cutMixBoxes(golden: GoldenCase): GoldenResults {
  const rows = golden.get('w_h_cx_cy').data;
  const lambdas = golden.get('lambda').data;
  const boxes = Array.from(lambdas, (lambda, i) => {
    const [width = 0, height = 0, centreX = 0, centreY = 0] = rows.slice(4 * i, 4 * i + 4);
    return cutMixBox({ width, height, lambda, centreX, centreY });
  });
  return {
    box_y1x1y2x2: boxes.flatMap(({ y1, x1, y2, x2 }) => [y1, x1, y2, x2]),
    lambda_adjusted: boxes.map(({ lambda }) => lambda),
  };
}

/** Counts on the backend; the scores, which need the counts on the host, from the same pixels counted here. */
function metrics(golden: GoldenCase): GoldenResults {
  const classes = golden.number('num_classes');
  const counts = new Float64Array(classes * classes);
  golden.get('labels').data.forEach((truth, i) => {
    const predicted = golden.get('predictions').data[i] ?? IGNORE;
    if (truth < classes && predicted < classes) {
      const cell = truth * classes + predicted;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  });
  const scores = scoresOf(counts);
  const recall = Array.from({ length: classes }, (_, c) => {
    const row = counts.subarray(c * classes, (c + 1) * classes);
    return (row[c] ?? 0) / row.reduce((sum, count) => sum + count, 0);
  }).filter((value) => Number.isFinite(value));
  const ours: GoldenResults = {
    iou: scores.iou.map((value) => (value === null ? -1 : value / 100)),
    iou_valid: scores.iou.map((value) => (value === null ? 0 : 1)),
    miou: [scores.mIoU / 100],
    pixel_accuracy: [scores.aAcc / 100],
    mean_class_accuracy: [recall.reduce((sum, value) => sum + value, 0) / recall.length],
  };
  // Where predictions hold 255 there are two policies. Ours leaves such pixels out; a network never predicts it.
  const named = Object.entries(ours).flatMap(([name, value]) => [
    [name, value],
    [`${name}__pred255_excluded`, value],
    [`${name}__pred255_is_error`, null],
  ]);
  const confusion = confusionCounts(golden.tensor('labels'), golden.tensor('predictions'), classes);
  return { confusion, ...Object.fromEntries(named) };
}
