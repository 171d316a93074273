// Sums whose work comes in several dispatches: every element once, none left out.
import { expect, it } from 'vitest';
import { readValues } from '../../../backend/readback.ts';
import * as tf from '../../../tf.ts';
import { dispatchFlops } from './dispatches.ts';
import { sumSlices } from './sums.ts';

it('adds the slices of more elements than one dispatch takes', async () => {
  const slices = 2;
  const size = Math.ceil((1.5 * dispatchFlops()) / 8 / slices) + 3;
  // Element i of slice s is i mod 7 + 10 s; its sum 2 (i mod 7) + 10. The parts are given back by the sum itself.
  const parts = tf.tidy(() => {
    const row = tf.mod(tf.range(0, size), 7);
    return tf.stack([row, tf.add(row, 10)]);
  });
  (tf.backend() as tf.WebGPUBackend).incRef(parts.dataId); // for the sum gives its parts back
  const sum = tf.engine().makeTensorFromTensorInfo(sumSlices(parts, slices, [size]));
  const values = await readValues(sum);
  expect(values.findIndex((value, i) => value !== 2 * (i % 7) + 10)).toBe(-1);
  tf.dispose([sum, parts]);
});
