// What an operation costs on WebGPU, in dispatches: its test says how to call it, its info.ts what that may cost.
import { expect, it } from 'vitest';
import { dispatchCount } from '../engine/gpu/dispatchCount.ts';
import { canRunPrograms } from '../engine/gpu/program.ts';
import type { OpInfo } from '../engine/ops/core/opInfo.ts';
import * as tf from '../engine/tf.ts';

/** Dispatches of `run` once everything is on the GPU. */
export function dispatchesOf(run: () => unknown): number {
  tf.tidy(() => void run());
  const before = dispatchCount();
  tf.tidy(() => void run());
  return dispatchCount() - before;
}

/** A variable of `shape`, full of `value`. */
export function filled(shape: readonly number[], value = 0.5, dtype: 'float32' | 'int32' = 'float32'): tf.Variable {
  return tf.tidy(() => tf.variable(tf.fill([...shape], value, dtype)));
}

/** Sees the inputs as whatever ranks and types it takes them for. */
type Run = (inputs: readonly [never, never, never]) => unknown;

/** A shape of floats, or of whole numbers, which have no gradient. */
export type CostInput = readonly number[] | { readonly int32: readonly number[] };

/**
 * Registers, where programs run, that `run` costs the dispatches of `info`: on inputs like these forward, and with the
 * gradient to all its floats where it has one. `variant` tells several of one operation apart.
 */
export function itCosts(info: OpInfo, like: readonly CostInput[], run: Run, variant = ''): void {
  const { dispatches } = info;
  if (!canRunPrograms() || dispatches === null) return;
  it(`${variant || info.name}: dispatches of info.ts`, () => {
    // Variables are on the GPU already: making them costs nothing below.
    const inputs = like.map((one) => ('int32' in one ? filled(one.int32, 1, 'int32') : filled(one)));
    const floats = inputs.filter(({ dtype }) => dtype === 'float32');
    expect(dispatchesOf(() => run(inputs as never))).toBe(dispatches.forward);
    if (dispatches.back !== null) {
      const compute = (...xs: tf.Tensor[]): tf.Tensor =>
        run(inputs.map((input) => xs[floats.indexOf(input)] ?? input) as never) as tf.Tensor;
      const dy = tf.tidy(() => tf.variable(compute(...floats)));
      expect(dispatchesOf(() => tf.grads(compute)(floats, dy))).toBe(dispatches.forward + dispatches.back);
      dy.dispose();
    }
    tf.dispose(inputs);
  });
}
