// Bilinear resize in both corner conventions with the exact adjoint as gradient. TensorFlow.js 4.22 silently uses the
// gradient of another convention for half-pixel centres. No antialiasing, as in PyTorch's default.
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import type { MapSize } from '../geometry.ts';
import { type AxisMap, mapAxesAdjoint } from './axisMap.ts';

/**
 * Resizes `x` [batch, height, width, channels] to `size` [height, width]. With `alignCorners` output i samples
 * i*(in-1)/(out-1), else (i+0.5)*in/out - 0.5, clamped to the map.
 */
export function resizeBilinear(
  x: tf.Tensor4D,
  size: MapSize,
  { alignCorners }: { readonly alignCorners: boolean },
): tf.Tensor4D {
  assertShape(x, ['batch', 'height', 'width', 'channels'], 'resizeBilinear x');
  const [, height, width] = x.shape;
  if (size[0] === height && size[1] === width) return x;
  const resize = tf.customGrad((input) => ({
    value: tf.image.resizeBilinear(input as tf.Tensor4D, [size[0], size[1]], alignCorners, !alignCorners),
    gradFunc: (dy: tf.Tensor) =>
      mapAxesAdjoint(
        dy as tf.Tensor4D,
        bilinearWeights(height, size[0], alignCorners),
        bilinearWeights(width, size[1], alignCorners),
      ),
  }));
  return resize(x) as tf.Tensor4D;
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
