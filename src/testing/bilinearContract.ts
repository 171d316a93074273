// The contract of operations that are linear in each of two inputs, at sizes nobody chose: values of the float64
// reference, and gradients by the identities that define them instead of differences, which large shapes make slow.
import { expect } from 'vitest';
import { readAll, readValues } from '../engine/backend/readback.ts';
import * as tf from '../engine/tf.ts';
import type { NdArray } from './ndArray.ts';
import { expectClose, randomArray, toTensor } from './opContract.ts';

interface Tried {
  readonly y: tf.Tensor;
  readonly gradients: readonly tf.Tensor[];
}

/** The result of `op` and its gradients for the upstream gradient `upstream`. */
function differentiate(op: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[], upstream: tf.Tensor): Tried {
  const y = op(...xs);
  return { y, gradients: tf.grads((...inputs) => tf.sum(tf.mul(op(...inputs), upstream)))(xs) };
}

/**
 * Checks a bilinear op B(x, w): its values, and both gradients by the two identities that define them, in float64:
 * <dx, u> = <dy, B(u, w)> and <dw, v> = <dy, B(x, v)> for probes u and v that pick every third entry.
 */
export async function checkBilinear(
  op: (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor,
  reference: (x: NdArray, filter: NdArray) => NdArray,
  x: NdArray,
  filter: NdArray,
): Promise<void> {
  const expected = reference(x, filter);
  const upstream = randomArray('upstream', expected.shape);
  const before = tf.memory().numTensors;
  const { y, gradients } = tf.tidy(() => {
    const tried = differentiate(
      (a, b) => op(a as tf.Tensor, b as tf.Tensor),
      [toTensor(x), toTensor(filter)],
      toTensor(upstream),
    );
    return { y: tried.y, gradients: [...tried.gradients] };
  });
  expectClose(await readValues(y), expected.data, 'sum');
  const [dx, dw] = await readAll(gradients);
  tf.dispose([y, ...gradients]);
  expect(tf.memory().numTensors).toBe(before);
  const dot = (a: ArrayLike<number>, b: Float64Array): number => b.reduce((sum, v, i) => sum + v * (a[i] ?? 0), 0);
  const largest = (a: ArrayLike<number>): number => Array.from(a).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  for (const [got, array, along] of [
    [dx!, x, (u: NdArray) => reference(u, filter)],
    [dw!, filter, (v: NdArray) => reference(x, v)],
  ] as const) {
    expect(got.length).toBe(array.data.length);
    for (let phase = 0; phase < 3; phase++) {
      const probe = randomArray(`probe ${phase}`, array.shape);
      probe.data.forEach((_, i) => {
        if (i % 3 !== phase) probe.data[i] = 0;
      });
      const wanted = dot(upstream.data, along(probe).data);
      const scale = largest(got) * Math.sqrt(got.length) + 1e-3;
      expect(Math.abs(dot(got, probe.data) - wanted)).toBeLessThanOrEqual(2e-5 * scale);
    }
  }
}
