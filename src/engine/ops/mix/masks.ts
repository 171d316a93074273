// Pixel masks for mixing two images: a box (CutMix) or the pixels of chosen classes (ClassMix). Boxes and choices are
// data on the GPU, drawn on the host beforehand: the shapes never depend on them.
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import type { MapSize } from '../core/geometry.ts';

/** 1 inside, 0 outside; float32 [batch, height, width]. `boxes` [batch, 4] holds y1, x1, y2, x2 in pixels, half open. */
export function boxMask(boxes: tf.Tensor2D, [height, width]: MapSize): tf.Tensor3D {
  assertShape(boxes, ['batch', 4], 'boxMask boxes');
  const [batch] = boxes.shape;
  const edge = (column: number): tf.Tensor3D => tf.reshape(tf.slice(boxes, [0, column], [batch, 1]), [batch, 1, 1]);
  const rows = tf.reshape(tf.range(0, height), [1, height, 1]);
  const columns = tf.reshape(tf.range(0, width), [1, 1, width]);
  const within = (line: tf.Tensor, from: tf.Tensor3D, to: tf.Tensor3D): tf.Tensor =>
    tf.cast(tf.logicalAnd(tf.greaterEqual(line, from), tf.less(line, to)), 'float32');
  return tf.mul(within(rows, edge(0), edge(2)), within(columns, edge(1), edge(3)));
}

/** 1 where the label (int32) [batch, height, width] is one of the `chosen` [batch, classes] (0 or 1); labels that are no class give 0. */
export function classMask(labels: tf.Tensor3D, chosen: tf.Tensor2D): tf.Tensor3D {
  const sizes = assertShape(labels, ['batch', 'height', 'width'], 'classMask labels');
  assertShape(chosen, ['batch', 'classes'], 'classMask chosen', sizes);
  const [batch, classes] = chosen.shape;
  const truth = tf.cast(tf.equal(tf.expandDims(labels, 3), tf.range(0, classes, 1, 'int32')), 'float32');
  return tf.sum(tf.mul(truth, tf.reshape(chosen, [batch, 1, 1, classes])), -1);
}
