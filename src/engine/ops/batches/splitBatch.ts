// One batch as several: what went through a network together goes its own ways again.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { splitKernel } from './batchKernels.ts';

type PartsOf<T, Counts extends readonly number[]> = { readonly [K in keyof Counts]: T };

/**
 * `x` [batch, ...] in parts of `counts` images, which add up to its batch. Float32 or int32; `joinBatches` is the gradient.
 * Copies of buffers on WebGPU, no dispatch.
 */
export function splitBatch<T extends tf.Tensor, const Counts extends readonly number[]>(
  x: T,
  counts: Counts,
): PartsOf<T, Counts> {
  const sum = counts.reduce((all, count) => all + count, 0);
  invariant(
    x.rank > 0 && sum === x.shape[0] && counts.every((count) => count > 0),
    () => `splitBatch x has shape [${x.shape.join(', ')}]; it cannot be split into [${counts.join(', ')}].`,
  );
  return (canRunPrograms() ? splitKernel(x, counts) : tf.split(x, [...counts], 0)) as unknown as PartsOf<T, Counts>;
}
