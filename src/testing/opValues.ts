// What tests of operations read back: the results, once everything else has been given back.
import { expect } from 'vitest';
import { readAll, readValues } from '../engine/backend/readback.ts';
import * as tf from '../engine/tf.ts';

/** The values of what `compute` returns; no tensor may be left. */
export async function valuesOf(compute: () => tf.Tensor): Promise<number[]> {
  const before = tf.memory().numTensors;
  const result = tf.tidy(compute);
  const values = [...(await readValues(result))];
  result.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** The values of several results. */
export async function allValuesOf(compute: () => tf.Tensor[]): Promise<(Float32Array | Int32Array)[]> {
  const results = tf.tidy(compute);
  const values = await readAll(results);
  tf.dispose(results);
  return values;
}
