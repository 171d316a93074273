// Counts a validation set into one confusion matrix: on the GPU, in integers, read back once at the end.
import { CLASS_COUNT } from '../../domain/classes.ts';
import type { HostBatch } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import type { Evaluation } from '../../domain/run.ts';
import { readValues } from '../backend/readback.ts';
import { confusionCounts } from '../ops/confusionCounts/confusionCounts.ts';
import * as tf from '../tf.ts';
import type { Predict } from './trainer.ts';
import { uploadBatch } from './upload.ts';

/** Evaluates `predict` over labelled batches of any size. `step` is only passed on. */
export async function evaluate(predict: Predict, batches: AsyncIterable<HostBatch>, step: number): Promise<Evaluation> {
  let counts: tf.Tensor1D = tf.zeros([CLASS_COUNT * CLASS_COUNT], 'int32');
  let images = 0;
  try {
    for await (const batch of batches) {
      const sum = tf.tidy(() => tf.add(counts, countsOf(predict, batch)) as tf.Tensor1D);
      counts.dispose();
      counts = sum;
      images += batch.count;
    }
    return { step, images, confusion: Float64Array.from(await readValues(counts)) };
  } finally {
    counts.dispose();
  }
}

function countsOf(predict: Predict, host: HostBatch): tf.Tensor1D {
  const { images, labels } = uploadBatch(host, true);
  invariant(labels, () => 'An evaluation batch came without labels.');
  const classes = tf.argMax(predict(images), 3) as tf.Tensor3D; // [n, h, w]
  return confusionCounts(labels, classes, CLASS_COUNT);
}
