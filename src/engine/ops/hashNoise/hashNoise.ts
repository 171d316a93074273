// Noise without a generator's state: every value is a function of a key and its own place, so a step that is replayed, resumed
// or run on another backend draws the same. The words come from a Feistel network of 24 bits whose arithmetic stays below
// 2^24, which float32 does exactly; a value is the sum of four of them, near normal (kurtosis 2.7), never beyond 3.5.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { withGradient } from '../core/withGradient.ts';
import { addNoiseKernel, hashNoiseKernel, joinNoiseKernel } from './noiseKernels.ts';
import { HALF, MEAN_OF_SUM, ROUNDS, SUMMED_AFTER, UNIT } from './rounds.ts';

/**
 * Noise [batch, height, width, channels] with mean 0 and standard deviation `deviation`, of `shape` per image. `keys` [batch]
 * are whole numbers from 0 below 2^24. Data: no gradient.
 */
export function hashNoise(
  keys: tf.Tensor1D,
  shape: readonly [height: number, width: number, channels: number],
  deviation = 1,
): tf.Tensor4D {
  assertShape(keys, ['batch'], 'hashNoise keys');
  assertCountable(shape[0] * shape[1] * shape[2]);
  const scale = deviation * UNIT;
  if (canRunPrograms()) return hashNoiseKernel(keys, shape, scale);
  return tf.tidy(() => tf.mul(centredSums(keys, shape), scale));
}

/** `x` [batch, height, width, channels] plus noise of standard deviation `deviation`. The gradient passes to `x` as it is. */
export function addNoise(x: tf.Tensor4D, keys: tf.Tensor1D, deviation: tf.Scalar): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'addNoise x');
  assertShape(keys, ['batch'], 'addNoise keys', sizes);
  const [, height, width, channels] = x.shape;
  const noisy = (): tf.Tensor4D =>
    canRunPrograms()
      ? addNoiseKernel(x, keys, deviation)
      : tf.add(x, tf.mul(hashNoise(keys, [height, width, channels]), deviation));
  return withGradient(
    [x],
    () => ({ value: noisy() }),
    (dy) => tf.clone(dy),
  );
}

/**
 * `x` [batch, height, width, channels] with `noises` channels of noise behind its own, those of `hashNoise` for the same keys.
 * One dispatch on WebGPU; the gradient reaches `x`.
 */
export function joinNoise(x: tf.Tensor4D, keys: tf.Tensor1D, noises: number, deviation = 1): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'joinNoise x');
  assertShape(keys, ['batch'], 'joinNoise keys', sizes);
  const [, height, width] = x.shape;
  assertCountable(height * width * noises);
  if (!canRunPrograms()) return tf.concat([x, hashNoise(keys, [height, width, noises], deviation)], 3);
  const { shape } = x;
  return withGradient(
    [x],
    () => ({ value: joinNoiseKernel(x, keys, noises, deviation * UNIT) }),
    (dy) => tf.slice(dy, [0, 0, 0, 0], shape),
  );
}

function assertCountable(perImage: number): void {
  invariant(perImage <= HALF * HALF, () => `hashNoise: ${perImage} values are more than an image may have.`);
}

/** The sums of four words, minus their mean: whole numbers, the same on every backend. */
function centredSums(keys: tf.Tensor1D, shape: readonly [number, number, number]): tf.Tensor4D {
  const [batch] = keys.shape;
  const perImage = shape[0] * shape[1] * shape[2];
  const place = tf.reshape(tf.range(0, perImage), [1, perImage]);
  const key = tf.reshape(keys, [batch, 1]);
  const keyHalves = [lowHalf(key), highPart(key, HALF)] as const;
  let left: tf.Tensor = highPart(place, HALF);
  let right: tf.Tensor = lowHalf(place);
  let sum: tf.Tensor = tf.scalar(-MEAN_OF_SUM);
  ROUNDS.forEach(({ keyFactor, keyOffset, offset, shift }, round) => {
    const roundKey = lowHalf(tf.add(tf.mul(keyHalves[round % 2 === 0 ? 0 : 1], keyFactor), keyOffset));
    const x = lowHalf(tf.add(right, roundKey));
    const mixed = highPart(tf.add(tf.square(x), offset), 2 ** shift);
    [left, right] = [right, lowHalf(tf.add(left, mixed))];
    if (SUMMED_AFTER.includes(round)) sum = tf.add(sum, tf.add(left, right));
  });
  return tf.reshape(sum, [batch, ...shape]);
}

/** floor(x / unit), exact because `unit` is a power of two. */
const highPart = (x: tf.Tensor, unit: number): tf.Tensor => tf.floor(tf.div(x, unit));
/** x mod 4096. */
const lowHalf = (x: tf.Tensor): tf.Tensor => tf.sub(x, tf.mul(highPart(x, HALF), HALF));
