// CutMix against TensorFlow.js’s composition.
import { caseOf, labelsOf, type OpBench, type OpBenchCase } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { mixBoxes } from './mixRegions.ts';

export const benches: readonly OpBench[] = [
  { name: 'CutMix', pass: 'forward', open: ({ batch, height, width }) => mixCase([batch, height, width]) },
];

function mixCase(shape: readonly [number, number, number]): OpBenchCase {
  const [batch, height, width] = shape;
  const of = (name: string) => ({
    images: uniformTensor([...shape, 3], `${name} images`) as tf.Tensor4D,
    labels: labelsOf(shape, `${name} labels`),
  });
  const inside = of('inside');
  const outside = of('outside');
  const boxes = tf.tensor2d(Array.from({ length: batch }, (_, i) => [i, 2 * i, height / 2 + i, width / 2 + i]));
  return caseOf(shape, {
    ours: () => {
      const { images, labels } = mixBoxes(inside, outside, boxes);
      return [images, labels];
    },
    stock: () => mixedByBoxes(inside, outside, boxes),
    operands: {
      insideImages: inside.images,
      insideLabels: inside.labels,
      outsideImages: outside.images,
      outsideLabels: outside.labels,
      boxes,
    },
    maps: 12,
  });
}

/** CutMix of images and labels by a mask that is made from boxes [batch, 4]: y1, x1, y2, x2. */
function mixedByBoxes(
  inside: { readonly images: tf.Tensor4D; readonly labels: tf.Tensor3D },
  outside: { readonly images: tf.Tensor4D; readonly labels: tf.Tensor3D },
  boxes: tf.Tensor2D,
): tf.Tensor[] {
  const [batch, height, width] = inside.labels.shape;
  const [top, left, bottom, right] = tf.split(boxes, 4, 1).map((edge) => tf.reshape(edge, [batch, 1, 1])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const rows = tf.reshape(tf.range(0, height), [1, height, 1]);
  const columns = tf.reshape(tf.range(0, width), [1, 1, width]);
  const isInside = tf.logicalAnd(
    tf.logicalAnd(tf.greaterEqual(rows, top), tf.less(rows, bottom)),
    tf.logicalAnd(tf.greaterEqual(columns, left), tf.less(columns, right)),
  );
  return [
    tf.where(tf.tile(tf.expandDims(isInside, 3), [1, 1, 1, 3]), inside.images, outside.images),
    tf.where(isInside, inside.labels, outside.labels),
  ];
}
