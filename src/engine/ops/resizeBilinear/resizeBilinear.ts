// Bilinear resize in both corner conventions with the exact adjoint as gradient. TensorFlow.js 4.22 silently uses the
// gradient of another convention for half-pixel centres. No antialiasing, as in PyTorch's default.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import type { MapSize } from '../core/geometry.ts';
import { withGradient } from '../core/withGradient.ts';
import { type AxisMap, mapAxesAdjoint } from './axisMap.ts';
import { resizeAdjoint, resizeForward } from './resizeKernels.ts';

export interface ResizeOptions {
  readonly alignCorners: boolean;
  /** A map of the new size to add: a skip connection. */
  readonly added?: tf.Tensor4D;
}

/**
 * Resizes `x` [batch, height, width, channels] to `size` [height, width]. With `alignCorners` output i samples
 * i*(in-1)/(out-1), else (i+0.5)*in/out - 0.5, clamped to the map.
 */
export function resizeBilinear(x: tf.Tensor4D, size: MapSize, { alignCorners, added }: ResizeOptions): tf.Tensor4D {
  assertShape(x, ['batch', 'height', 'width', 'channels'], 'resizeBilinear x');
  const [batch, height, width, channels] = x.shape;
  if (added !== undefined) assertShape(added, [batch, size[0], size[1], channels], 'resizeBilinear added');
  if (size[0] === height && size[1] === width) return added === undefined ? x : tf.add(x, added);
  if (canRunPrograms()) {
    return withGradient(
      added === undefined ? [x] : [x, added],
      () => ({ value: resizeForward(x, size, alignCorners, added) }),
      (dy) => {
        const dx = resizeAdjoint(dy, [height, width], alignCorners);
        return added === undefined ? dx : [dx, tf.clone(dy)];
      },
    );
  }
  const resized = composedResize(x, size, alignCorners);
  return added === undefined ? resized : tf.add(resized, added);
}

function composedResize(x: tf.Tensor4D, size: MapSize, alignCorners: boolean): tf.Tensor4D {
  const { shape } = x;
  return withGradient(
    [x],
    () => ({ value: tf.image.resizeBilinear(x, [size[0], size[1]], alignCorners, !alignCorners) }),
    (dy) => adjoint(dy, shape, alignCorners),
  );
}

/** The gradient to an input of this shape. */
function adjoint(dy: tf.Tensor4D, [, height, width]: tf.Tensor4D['shape'], alignCorners: boolean): tf.Tensor4D {
  const [, outHeight, outWidth] = dy.shape;
  const factor = outHeight / height;
  if (!alignCorners && Number.isInteger(factor) && factor === outWidth / width) return enlargedAdjoint(dy, factor);
  return mapAxesAdjoint(
    dy,
    bilinearWeights(height, outHeight, alignCorners),
    bilinearWeights(width, outWidth, alignCorners),
  );
}

/**
 * The common case, enlarging by a whole factor with half-pixel centres: every source pixel collects from a triangle of
 * results around it, which is a depthwise convolution. What clamping at the border gave to the outermost pixels comes in
 * by mirroring dy there, since the triangle's weights are symmetric about the border.
 */
function enlargedAdjoint(dy: tf.Tensor4D, factor: number): tf.Tensor4D {
  const channels = dy.shape[3];
  const reach = Math.floor(factor / 2);
  const taps = factor + 2 * reach;
  const triangle = Array.from({ length: taps }, (_, k) => 1 - Math.abs(k - (taps - 1) / 2) / factor);
  const border: [number, number] = [reach, reach];
  const mirrored = tf.mirrorPad(dy, [[0, 0], border, border, [0, 0]], 'symmetric');
  const weights = triangle.flatMap((row) =>
    triangle.flatMap((column) => new Array<number>(channels).fill(row * column)),
  );
  const filter = tf.tensor4d(weights, [taps, taps, channels, 1]);
  return tf.depthwiseConv2d(mirrored, filter, factor, 'valid');
}

function bilinearWeights(inSize: number, outSize: number, alignCorners: boolean): AxisMap {
  const weights = new Float32Array(outSize * inSize);
  for (let i = 0; i < outSize; i++) {
    const aligned = outSize > 1 ? (i * (inSize - 1)) / (outSize - 1) : 0;
    const position = alignCorners ? aligned : Math.max(0, ((i + 0.5) * inSize) / outSize - 0.5);
    const low = Math.min(inSize - 1, Math.floor(position));
    const high = Math.min(inSize - 1, low + 1);
    const share = position - low;
    weights[i * inSize + low] = (weights[i * inSize + low] ?? 0) + 1 - share;
    weights[i * inSize + high] = (weights[i * inSize + high] ?? 0) + share;
  }
  return { inSize, outSize, weights };
}
