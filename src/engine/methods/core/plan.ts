// A step's plan: everything about it that is decided on the host, as plain numbers, before any GPU work is queued.
// Its tensors are, with the batch, the only things that differ between two runs of the same step program.
import type { Shape, TensorOf } from '../../gpu/kernel.ts';
import * as tf from '../../tf.ts';

export interface PlannedArray<S extends Shape = Shape> {
  readonly shape: S;
  readonly values: Float32Array;
}
export type PlannedVector = PlannedArray<readonly [number]>;
export type PlannedRows = PlannedArray<readonly [rows: number, columns: number]>;

/** Numbers become scalars. A key that is absent (an augmentation that is off) makes a different, shorter step program. */
export type Plan = { readonly [name: string]: number | PlannedArray | undefined };

/** The plan as the step sees it. */
export type PlanTensors<P extends Plan> = {
  readonly [K in keyof P]: NonNullable<P[K]> extends number
    ? tf.Scalar
    : NonNullable<P[K]> extends PlannedArray<infer S>
      ? TensorOf<S>
      : tf.Tensor;
};

/** Uploads a plan. Call inside `tf.tidy`. */
export function planTensors<P extends Plan>(plan: P): PlanTensors<P> {
  const tensors = Object.entries(plan).flatMap(([name, entry]) => {
    if (entry === undefined) return [];
    const tensor =
      typeof entry === 'number' ? tf.scalar(entry, 'float32') : tf.tensor(entry.values, [...entry.shape], 'float32');
    return [[name, tensor] as const];
  });
  return Object.fromEntries(tensors) as PlanTensors<P>;
}
