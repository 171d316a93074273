// CycleGAN's image pool (Shrivastava et al. 2017): a discriminator is shown earlier fakes in place of half of the newest, so
// that the generator cannot win by circling. The pool stays on the GPU; which image goes where is drawn on the host
// beforehand.
import { invariant } from '../../../domain/errors.ts';
import { defineKernel } from '../../gpu/kernel.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import { ownBuffer } from '../../gpu/tensorMemory.ts';
import { perElement } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';

/** Columns of an exchange: the place that the image takes in the pool (-1: none), and 1 to show what lay there (else 0). */
export const EXCHANGE_COLUMNS = 2;

/**
 * Puts images of `fresh` [batch, height, width, channels] into `pool` [capacity, height * width * channels], in place, as
 * `exchange` [batch, 2] says, and returns for each image itself or what lay in its place. No place twice. No gradient.
 */
export function exchangeWithPool(pool: tf.Variable, fresh: tf.Tensor4D, exchange: tf.Tensor2D): tf.Tensor4D {
  const sizes = assertShape(fresh, ['batch', 'height', 'width', 'channels'], 'exchangeWithPool fresh');
  assertShape(exchange, ['batch', EXCHANGE_COLUMNS], 'exchangeWithPool exchange', sizes);
  assertShape(pool, ['capacity', 'values'], 'exchangeWithPool pool');
  const [batch] = fresh.shape;
  const [capacity = 0, perImage = 0] = pool.shape;
  invariant(
    perImage === fresh.size / batch,
    () => `exchangeWithPool: a pool of ${perImage} values an image for images of ${fresh.size / batch}.`,
  );
  if (canRunPrograms()) return exchangeKernel(pool, fresh, exchange, perImage);
  return tf.tidy(() => {
    const images: tf.Tensor2D = tf.reshape(fresh, [batch, perImage]);
    const column = (k: number): tf.Tensor2D => tf.slice(exchange, [0, k], [batch, 1]);
    // -1 is no place: a row of zeros. Sums with one term that is not 0 are exact.
    const rows = tf.cast(tf.reshape(column(0), [batch]), 'int32');
    const places: tf.Tensor2D = tf.reshape(tf.oneHot(rows, capacity, 1, 0, 'float32'), [batch, capacity]);
    const lay = tf.matMul(places, tf.reshape(pool, [capacity, perImage]));
    const isOld = tf.mul(column(1), tf.sum(places, 1, true));
    const shown = tf.add(tf.mul(isOld, lay), tf.mul(tf.sub(1, isOld), images));
    const kept = tf.sub(1, tf.reshape(tf.sum(places, 0), [capacity, 1]));
    pool.assign(tf.add(tf.mul(pool, kept), tf.matMul(places, images, true)));
    return tf.reshape(shown, fresh.shape);
  });
}

const kernel = defineKernel({
  name: 'exchangeWithPool',
  uniforms: { size: 'i32', perImage: 'i32' },
  inputs: { fresh: 'f32', exchange: 'f32' },
  updates: { pool: 'f32' },
  outputs: { shown: 'f32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let image = index / u.perImage;
  let place = i32(exchange[${EXCHANGE_COLUMNS} * image]);
  var value = fresh[index];
  if (place >= 0) {
    let at = place * u.perImage + index % u.perImage;
    let lay = pool[at];
    pool[at] = value;
    if (exchange[${EXCHANGE_COLUMNS} * image + 1] > 0.5) { value = lay; }
  }
  shown[index] = value;`,
    ),
});

function exchangeKernel(pool: tf.Variable, fresh: tf.Tensor4D, exchange: tf.Tensor2D, perImage: number): tf.Tensor4D {
  ownBuffer(pool);
  const { shown } = kernel.run({
    inputs: { fresh, exchange },
    updates: { pool },
    outputs: { shown: fresh.shape },
    threads: fresh.size,
    uniforms: { size: fresh.size, perImage },
  });
  return shown;
}
