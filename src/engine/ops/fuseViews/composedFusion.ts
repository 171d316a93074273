// The fusion of views as a composition, where there is no WebGPU, and what the kernel is compared with.
import { IGNORE } from '../../../domain/classes.ts';
import * as tf from '../../tf.ts';
import { withoutGradient } from '../core/withoutGradient.ts';
import { pixelsAt, tapsOf } from '../warpImages/bilinearTaps.ts';
import type { FusedViews, Fusion, ViewMaps } from './fusion.ts';

/** A view in the image's frame; all but the probabilities are [pixels]. */
interface AlignedView {
  /** [pixels, classes]; 0 where the view takes no part. */
  readonly probabilities: tf.Tensor2D;
  /** 1 where it takes part. */
  readonly taking: tf.Tensor1D;
  readonly decided: tf.Tensor1D;
  readonly sure: tf.Tensor1D;
}

/** As `fuseViews`. */
export function composedFusion(given: tf.Tensor4D, maps: ViewMaps, fusion: Fusion): FusedViews {
  const logits = withoutGradient(() => tf.clone(given));
  const [rows, height, width, classes] = logits.shape;
  const { views, thresholds } = maps;
  const aligned = Array.from({ length: views }, (_, v) => align(logits, maps, v));
  const decision = decide(aligned, fusion, classes);
  const enough = tf.greaterEqual(decision.confidence, tf.gather(thresholds, decision.classes));
  const kept = tf.logicalAnd(enough, tf.greater(tf.addN(aligned.map(({ taking }) => taking)), 0));
  const labels = tf.where(kept, decision.classes, tf.fill(decision.classes.shape, IGNORE, 'int32'));
  const map = (x: tf.Tensor): tf.Tensor3D => tf.reshape(x, [rows / views, height, width]);
  return {
    labels: map(labels),
    classes: map(decision.classes),
    confidence: map(decision.confidence),
    view: map(decision.view),
    agreeing: map(decision.agreeing),
  };
}

function align(logits: tf.Tensor4D, { toView, views }: ViewMaps, view: number): AlignedView {
  const [rows, height, width, classes] = logits.shape;
  const batch = rows / views;
  const own = tf.slice(logits, [view * batch, 0, 0, 0], [batch, height, width, classes]);
  const pixels: tf.Tensor2D = tf.reshape(tf.softmax(own), [batch * height * width, classes]);
  const maps = tf.slice(toView, [view * batch, 0], [batch, 6]);
  const weighted = tapsOf(maps, height, width).corners.map(({ x, y, weight }) => {
    const inX = tf.logicalAnd(tf.greaterEqual(x, 0), tf.less(x, width));
    const inY = tf.logicalAnd(tf.greaterEqual(y, 0), tf.less(y, height));
    const share = tf.reshape(tf.mul(weight, tf.cast(tf.logicalAnd(inX, inY), 'float32')), [weight.size, 1]);
    return { share, sum: tf.mul(pixelsAt(pixels, x, y, height, width), share) };
  });
  const seen = tf.addN(weighted.map(({ share }) => share));
  const takes = tf.greater(seen, 0.999);
  const taking = tf.cast(takes, 'float32');
  const sampled = tf.addN(weighted.map(({ sum }) => sum));
  const probabilities = tf.mul<tf.Tensor2D>(tf.div(sampled, tf.maximum(seen, 0.999)), taking);
  return {
    probabilities,
    taking: tf.reshape(taking, [taking.size]),
    decided: tf.argMax(probabilities, 1),
    sure: tf.max(probabilities, 1),
  };
}

/** Without the threshold; all [pixels]. */
function decide(
  aligned: readonly AlignedView[],
  fusion: Fusion,
  classes: number,
): Readonly<Record<Exclude<keyof FusedViews, 'labels'>, tf.Tensor>> {
  const sure = tf.stack(aligned.map((view) => view.sure)); // [views, pixels]
  const decided = tf.stack(aligned.map((view) => view.decided));
  const taking = tf.stack(aligned.map((view) => view.taking));
  const view = tf.argMax(sure, 0);
  const ballots = tf.mul(tf.oneHot(tf.cast(decided, 'int32'), classes, 1, 0, 'float32'), tf.expandDims(taking, 2));
  const votes = tf.sum(ballots, 0); // [pixels, classes]
  const agreeingWith = (choice: tf.Tensor): tf.Tensor =>
    tf.cast(tf.sum(tf.mul(votes, tf.oneHot(tf.cast(choice, 'int32'), classes, 1, 0, 'float32')), 1), 'int32');
  if (fusion === 'max') {
    const won = tf.equal(tf.reshape(tf.range(0, aligned.length, 1, 'int32'), [aligned.length, 1]), view);
    const winner = tf.sum(tf.mul(decided, tf.cast(won, 'int32')), 0);
    return { classes: winner, confidence: tf.max(sure, 0), view, agreeing: agreeingWith(winner) };
  }
  const count = tf.maximum(tf.sum(taking, 0), 1);
  const mean = tf.div(tf.addN(aligned.map(({ probabilities }) => probabilities)), tf.expandDims(count, 1));
  // Votes are whole numbers and means at most 1: the mean decides between equals only.
  const winner = tf.argMax(fusion === 'mean' ? mean : tf.add(tf.mul(votes, 2), mean), 1);
  const own = tf.oneHot(tf.cast(winner, 'int32'), classes, 1, 0, 'float32');
  return { classes: winner, confidence: tf.sum(tf.mul(mean, own), 1), view, agreeing: agreeingWith(winner) };
}
