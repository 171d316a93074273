// Host bytes to tensors. Shapes are the batch's, never the data's, so buffers are reused from step to step.
import { invariant } from '../../domain/errors.ts';
import * as tf from '../tf.ts';

type MapShape = readonly [batch: number, height: number, width: number];

/** RGB bytes as an int32 tensor [batch, height, width, 3]. */
export function uploadImages(bytes: Uint8Array, [batch, height, width]: MapShape): tf.Tensor4D {
  const shape: [number, number, number, number] = [batch, height, width, 3];
  invariant(
    bytes.length === batch * height * width * 3,
    () => `uploadImages: ${bytes.length} bytes for shape [${shape}].`,
  );
  return tf.tensor4d(Int32Array.from(bytes), shape, 'int32');
}

/** Label bytes (train ids, 255 = ignore) as an int32 tensor [batch, height, width]. */
export function uploadLabels(bytes: Uint8Array, [batch, height, width]: MapShape): tf.Tensor3D {
  const shape: [number, number, number] = [batch, height, width];
  invariant(bytes.length === batch * height * width, () => `uploadLabels: ${bytes.length} bytes for shape [${shape}].`);
  return tf.tensor3d(Int32Array.from(bytes), shape, 'int32');
}
