import { describe, expect, it } from 'vitest';
import { readBytes } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { resizeNearest } from './resizeNearest.ts';

describe('resizeNearest', () => {
  it.each([
    // Five to three: floor(i * 5 / 3) against floor((i + 0.5) * 5 / 3).
    ['floor', [0, 1, 3]],
    ['exact', [0, 2, 4]],
  ] as const)('%s takes the pixels of its rule and keeps 255', async (rule, taken) => {
    const row = [7, 18, 255, 3, 255];
    const resized = tf.tidy(() => resizeNearest(tf.tensor3d([...row, ...row], [1, 2, 5], 'int32'), [1, 3], rule));
    expect(resized.dtype).toBe('int32');
    expect([...(await readBytes(resized))]).toEqual(taken.map((i) => row[i]));
    resized.dispose();
  });
});
