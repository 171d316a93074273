// PyTorch's detach: a result that the tape takes for a constant.
import * as tf from '../../tf.ts';
import { withGradient } from './withGradient.ts';

/** Runs `compute` hidden from the tape: no gradient flows through its result, also where an operation in it has none. */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  // The tape records one operation on this constant, and so no path to anything that `compute` has looked at.
  return withGradient(
    [tf.scalar(0)],
    () => ({ value: compute() }),
    () => tf.scalar(0),
  );
}
