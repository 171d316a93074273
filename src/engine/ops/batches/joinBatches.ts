// Batches one after the other, as one: several go through a network together.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { joinKernel } from './batchKernels.ts';

/**
 * Joins `parts` [batch of its own, ...] along their first axis. Float32 or int32, all of one type; `splitBatch` is the
 * gradient. Copies of buffers on WebGPU, no dispatch.
 */
export function joinBatches<T extends tf.Tensor>(parts: readonly T[]): T {
  const [first] = parts;
  invariant(first !== undefined, () => 'joinBatches: there is no part.');
  invariant(first.rank > 0, () => 'joinBatches: a scalar has no batch.');
  for (const part of parts) {
    assertShape(part, ['batch', ...first.shape.slice(1)], 'joinBatches part');
    invariant(part.dtype === first.dtype, () => `joinBatches: ${part.dtype} beside ${first.dtype}.`);
  }
  return (canRunPrograms() ? joinKernel(parts) : tf.concat([...parts], 0)) as T;
}
