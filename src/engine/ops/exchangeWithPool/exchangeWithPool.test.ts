import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../domain/rng.ts';
import { expectInvariant } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { exchangeWithPool } from './exchangeWithPool.ts';
import { info } from './info.ts';

const IMAGE = [3, 5, 2] as const;
const SIZE = 30;
const CAPACITY = 4;

describe('exchangeWithPool', () => {
  it('does what a list of images does, over twenty batches', async () => {
    const random = new RandomStream(1, 'pool');
    const drawn = (): number[] => Array.from({ length: SIZE }, () => Math.fround(random.uniform(-1, 1)));
    const list: number[][] = Array.from({ length: CAPACITY }, () => new Array<number>(SIZE).fill(0));
    const start = tf.zeros([CAPACITY, SIZE]);
    const pool = tf.variable(start, false);
    start.dispose();
    const before = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) {
      const fresh = [drawn(), drawn(), drawn()];
      const places = [...random.permutation(CAPACITY)];
      const exchange = fresh.map((_, i) => [random.integer(3) === 0 ? -1 : places[i]!, random.integer(2)] as const);
      const expected = fresh.map((image, i) => {
        const [place, isOldShown] = exchange[i]!;
        if (place < 0) return image;
        const lay = list[place]!;
        list[place] = image;
        return isOldShown === 1 ? lay : image;
      });
      const shown = tf.tidy(() =>
        exchangeWithPool(pool, tf.tensor4d(fresh.flat(), [3, ...IMAGE]), tf.tensor2d(exchange.map((row) => [...row]))),
      );
      expect([...(await readValues(shown))]).toEqual(expected.flat());
      expect([...(await readValues(pool))]).toEqual(list.flat());
      shown.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    pool.dispose();
  });

  it('leaves alone what is only another name of the same values', async () => {
    const pool = tf.variable(tf.zeros([2, SIZE]), false);
    const snapshot = tf.clone(pool);
    tf.tidy(() => exchangeWithPool(pool, tf.ones([1, ...IMAGE]), tf.tensor2d([[1, 0]]))).dispose();
    expect([...(await readValues(snapshot))]).toEqual(new Array(2 * SIZE).fill(0));
    expect(Float32Array.from(await readValues(pool)).reduce((sum, x) => sum + x, 0)).toBe(SIZE);
    tf.dispose([pool, snapshot]);
  });

  it('refuses a pool of other images', () => {
    const pool = tf.variable(tf.zeros([2, 7]), false);
    expectInvariant(() => tf.tidy(() => exchangeWithPool(pool, tf.ones([1, ...IMAGE]), tf.tensor2d([[0, 0]]))));
    pool.dispose();
  });
});

itCosts(
  info,
  [
    [CAPACITY, SIZE],
    [1, ...IMAGE],
    [1, 2],
  ],
  ([pool, images, exchange]) => exchangeWithPool(pool, images, exchange),
);
