// CycleGAN's image pool (Shrivastava et al. 2017): a discriminator is shown earlier fakes in place of half of the newest, so
// that the generator cannot win by circling. The pool stays on the GPU; which image goes where is drawn on the host
// beforehand.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms, declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { ownBuffer, runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
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
    const images = tf.reshape(fresh, [batch, perImage]) as tf.Tensor2D;
    const column = (k: number): tf.Tensor2D => tf.slice(exchange, [0, k], [batch, 1]);
    // -1 is no place: a row of zeros. Sums with one term that is not 0 are exact.
    const places = tf.oneHot(
      tf.cast(tf.reshape(column(0), [batch]), 'int32'),
      capacity,
      1,
      0,
      'float32',
    ) as tf.Tensor2D;
    const lay = tf.matMul(places, pool as unknown as tf.Tensor2D);
    const isOld = tf.mul(column(1), tf.sum(places, 1, true));
    const shown = tf.add(tf.mul(isOld, lay), tf.mul(tf.sub(1, isOld), images));
    const kept = tf.sub(1, tf.reshape(tf.sum(places, 0), [capacity, 1]));
    pool.assign(tf.add(tf.mul(pool, kept), tf.matMul(places, images, true)));
    return tf.reshape(shown, fresh.shape);
  });
}

const UNIFORMS = { size: 'i32', perImage: 'i32' } as const;
const BUFFERS: Buffers = {
  reads: { fresh: 'f32', exchange: 'f32' },
  writes: { pool: 'f32', shown: 'f32' },
};

const family: ProgramFamily<Record<string, never>, keyof typeof UNIFORMS> = {
  name: 'exchangeWithPool',
  uniforms: UNIFORMS,
  wgsl: () => `
${declareBuffers(BUFFERS)}
${declareUniforms(UNIFORMS, uniformBinding(BUFFERS))}
${perElement(
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
)}`,
};

function exchangeKernel(pool: tf.Variable, fresh: tf.Tensor4D, exchange: tf.Tensor2D, perImage: number): tf.Tensor4D {
  ownBuffer(pool);
  const size = fresh.size;
  return runTensor({
    family,
    spec: {},
    inputs: [fresh, exchange, pool],
    outputs: [{ shape: fresh.shape }],
    updates: [pool],
    dispatches: [{ workgroups: workgroupsFor(size), uniforms: { size, perImage } }],
  }) as tf.Tensor4D;
}
