// Nearest-neighbour resize of label maps (and of anything that must not be blended). Not differentiable.
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import type { MapSize } from '../core/geometry.ts';

/** `floor`: output i takes floor(i*in/out), PyTorch's `nearest`. `exact`: floor((i+0.5)*in/out), its `nearest-exact`. */
export type NearestRule = 'floor' | 'exact';

/** Resizes labels [batch, height, width] or maps [batch, height, width, channels] to `size` [height, width]. */
export function resizeNearest<T extends tf.Tensor3D | tf.Tensor4D>(x: T, size: MapSize, rule: NearestRule): T {
  const pattern = ['batch', 'height', 'width', 'channels'].slice(0, x.rank);
  const { height = 0, width = 0 } = assertShape(x, pattern, 'resizeNearest x');
  const rows = tf.tensor1d(nearestIndices(height, size[0], rule), 'int32');
  const columns = tf.tensor1d(nearestIndices(width, size[1], rule), 'int32');
  return tf.gather(tf.gather(x, rows, 1), columns, 2) as T;
}

function nearestIndices(inSize: number, outSize: number, rule: NearestRule): Int32Array {
  const shift = rule === 'exact' ? 0.5 : 0;
  return Int32Array.from({ length: outSize }, (_, i) =>
    Math.min(inSize - 1, Math.floor(((i + shift) * inSize) / outSize)),
  );
}
