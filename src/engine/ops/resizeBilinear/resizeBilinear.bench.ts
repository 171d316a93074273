// Resizing against TensorFlow.js’s, by 2 and by 8.
import { both, CLASSES, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { resizeBilinear } from './resizeBilinear.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'resize x2, half-pixel',
    pass: 'both',
    open: ({ batch, height, width }) => enlargeCase([batch, height / 2, width / 2, CLASSES]),
  },
  {
    name: 'resize x8, corners',
    pass: 'both',
    open: ({ batch, height, width }) => resizeCase([batch, height / 8, width / 8, CLASSES], [height, width]),
  },
];

function enlargeCase(shape: Shape4D): OpBenchCase {
  const [batch, height, width, channels] = shape;
  const x = uniformTensor(shape, 'x');
  const dy = uniformTensor([batch, 2 * height, 2 * width, channels], 'dy');
  const size = [2 * height, 2 * width] as const;
  return caseOf(shape, {
    ours: both((x) => resizeBilinear(x as tf.Tensor4D, size, { alignCorners: false }), [x], dy),
    stock: both((x) => enlarge(x as tf.Tensor4D), [x], dy),
    operands: { x, dy },
    maps: 10,
  });
}

function resizeCase(shape: Shape4D, size: readonly [number, number]): OpBenchCase {
  const [batch, height, width, channels] = shape;
  const x = uniformTensor(shape, 'x');
  const dy = uniformTensor([batch, ...size, channels], 'dy');
  return caseOf(shape, {
    ours: both((x) => resizeBilinear(x as tf.Tensor4D, size, { alignCorners: true }), [x], dy),
    stock: both((x) => tf.image.resizeBilinear(x as tf.Tensor4D, [...size], true), [x], dy),
    operands: { x, dy },
    maps: 2 + (2 * size[0] * size[1]) / (height * width),
  });
}

/**
 * Enlarges by 2 with half-pixel centres. TensorFlow.js's gradient of that is another convention's; the right one is a depthwise
 * convolution with a triangle.
 */
export function enlarge(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  const run = tf.customGrad((input) => ({
    value: tf.image.resizeBilinear(input as tf.Tensor4D, [2 * height, 2 * width], false, true),
    gradFunc: (dy: tf.Tensor) => {
      const edge: [number, number] = [1, 1];
      const mirrored = tf.mirrorPad(dy as tf.Tensor4D, [[0, 0], edge, edge, [0, 0]], 'symmetric');
      const triangle = [0.25, 0.75, 0.75, 0.25];
      const values = triangle.flatMap((a) => triangle.flatMap((b) => new Array<number>(channels).fill(a * b)));
      return tf.depthwiseConv2d(mirrored, tf.tensor4d(values, [4, 4, channels, 1]), 2, 'valid');
    },
  }));
  return run(x) as tf.Tensor4D;
}
