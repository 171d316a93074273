// Counts a validation set into one confusion matrix: on the GPU, in integers, read back once at the end.
import type { HostBatch } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import type { Evaluation } from '../../domain/run.ts';
import { readValues } from '../backend/readback.ts';
import { confusionCounts } from '../ops/confusionCounts/confusionCounts.ts';
import * as tf from '../tf.ts';
import type { Predict } from './trainer.ts';
import { uploadBatch } from './upload.ts';

/** Evaluates `predict` over labelled batches of any size, one at least. `step` is only passed on. */
export async function evaluate(predict: Predict, batches: AsyncIterable<HostBatch>, step: number): Promise<Evaluation> {
  let counts: tf.Tensor1D | null = null;
  let images = 0;
  try {
    for await (const batch of batches) {
      const before: tf.Tensor1D | null = counts;
      counts = tf.tidy(() => {
        const own = countsOf(predict, batch);
        return before === null ? own : (tf.add(before, own) as tf.Tensor1D);
      });
      before?.dispose();
      images += batch.count;
    }
    invariant(counts, () => 'There was nothing to evaluate.');
    return { step, images, confusion: Float64Array.from(await readValues(counts)) };
  } finally {
    counts?.dispose();
  }
}

function countsOf(predict: Predict, host: HostBatch): tf.Tensor1D {
  const { images, labels } = uploadBatch(host, true);
  invariant(labels, () => 'An evaluation batch came without labels.');
  const scores = predict(images); // [n, h, w, classes]
  return confusionCounts(labels, tf.argMax(scores, 3) as tf.Tensor3D, scores.shape[3]);
}
