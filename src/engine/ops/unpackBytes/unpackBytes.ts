// Host bytes to what networks and losses take, in one dispatch each. On WebGPU four bytes travel as one int32, first byte
// lowest; elsewhere, where int32 may be a float texture, every byte is an element. `uploadBytes` makes either.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { normaliseImages } from './normaliseImages.ts';
import { unpack } from './unpackKernels.ts';

type MapShape = readonly [batch: number, height: number, width: number];

/** RGB bytes, packed, as images [batch, height, width, 3] in [-1, 1]: bit for bit what `normaliseImages` makes of them. */
export function unpackImages(packed: tf.Tensor1D, [batch, height, width]: MapShape): tf.Tensor4D {
  const shape: [number, number, number, number] = [batch, height, width, 3];
  checkLength(packed, shape, 'unpackImages');
  if (!canRunPrograms()) return normaliseImages(tf.reshape(packed, shape));
  return unpack(packed, shape, 'images');
}

/** Label bytes (train ids, 255 = ignore), packed, as an int32 tensor [batch, height, width]. */
export function unpackLabels(packed: tf.Tensor1D, [batch, height, width]: MapShape): tf.Tensor3D {
  const shape: [number, number, number] = [batch, height, width];
  checkLength(packed, shape, 'unpackLabels');
  if (!canRunPrograms()) return tf.reshape(packed, shape);
  return unpack(packed, shape, 'labels');
}

/** How many elements of an int32 tensor hold `bytes` bytes on this backend. */
export function packedLength(bytes: number): number {
  return canRunPrograms() ? Math.ceil(bytes / 4) : bytes;
}

function checkLength({ size, dtype }: tf.Tensor1D, shape: readonly number[], name: string): void {
  const bytes = shape.reduce((product, side) => product * side, 1);
  invariant(
    dtype === 'int32' && size === packedLength(bytes),
    () => `${name}: ${size} elements of ${dtype} for shape [${shape}], expected ${packedLength(bytes)} of int32.`,
  );
}
