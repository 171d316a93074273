// Average pooling to a given size, as PyTorch's AdaptiveAvgPool2d: window i covers floor(i*in/out) to ceil((i+1)*in/out).
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import type { MapSize } from '../core/geometry.ts';
import { type AxisMap, mapAxes } from '../resizeBilinear/axisMap.ts';

/** Averages `x` [batch, height, width, channels] to `size` [height, width]. */
export function adaptiveAvgPool(x: tf.Tensor4D, size: MapSize): tf.Tensor4D {
  assertShape(x, ['batch', 'height', 'width', 'channels'], 'adaptiveAvgPool x');
  if (size[0] === 1 && size[1] === 1) {
    const [batch, height, width, channels] = x.shape;
    return tf.reshape(tf.mean(tf.reshape(x, [batch, height * width, channels]), 1), [batch, 1, 1, channels]);
  }
  return mapAxes(x, averages(x.shape[1], size[0]), averages(x.shape[2], size[1]));
}

function averages(inSize: number, outSize: number): AxisMap {
  const weights = new Float32Array(outSize * inSize);
  for (let i = 0; i < outSize; i++) {
    const start = Math.floor((i * inSize) / outSize);
    const end = Math.ceil(((i + 1) * inSize) / outSize);
    for (let source = start; source < end; source++) weights[i * inSize + source] = 1 / (end - start);
  }
  return { inSize, outSize, weights };
}
