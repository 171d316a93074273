// What a translator makes of a batch, as bytes: the pictures that stand in for the source's from then on.
import type { HostBatch } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import { readBytes } from '../backend/readback.ts';
import type { Translate } from '../methods/core/defineMethod.ts';
import * as tf from '../tf.ts';
import { uploadBatch } from './upload.ts';

/**
 * The batch's images translated: RGB bytes [count, height, width, 3], in order; its labels are not used. `keys`, one per
 * image, are whole numbers below 2^24 that pick the noise (`Translate`): take an image's index, and it always comes out alike.
 */
export async function translatePictures(
  translate: Translate,
  batch: HostBatch,
  keys: readonly number[],
): Promise<Uint8Array> {
  invariant(keys.length === batch.count, () => `${keys.length} keys for ${batch.count} images.`);
  const bytes = tf.tidy(() => {
    const images = translate(uploadBatch(batch, false).images, tf.tensor1d([...keys], 'float32'));
    // Half away from zero, as in the recipe: ([-1, 1] + 1) * 127.5 + 0.5, rounded down.
    const levels = tf.floor(tf.add(tf.mul(tf.add(tf.clipByValue(images, -1, 1), 1), 127.5), 0.5));
    return tf.cast(levels, 'int32');
  });
  const values = await readBytes(bytes);
  bytes.dispose();
  return values;
}
