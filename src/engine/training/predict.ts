// What a network makes of a few pictures, as bytes for the studio: class and confidence per pixel, in one read-back.
import type { HostBatch } from '../../domain/dataset.ts';
import type { PredictionFrame } from '../../domain/pictures.ts';
import { readValues } from '../backend/readback.ts';
import { argmaxConfidence } from '../ops/argmaxConfidence/argmaxConfidence.ts';
import * as tf from '../tf.ts';
import type { Predict } from './trainer.ts';
import { uploadBatch } from './upload.ts';

/** Confidence is sent in 16 bits, and travels from the GPU in the low half of an integer with the class above it. */
const CONFIDENCE_STEPS = 65535;
const CLASS_UNIT = 65536;

/** Predictions of the batch's images, in order; its labels are not used. `step` is only passed on. */
export async function predictPictures(predict: Predict, batch: HostBatch, step: number): Promise<PredictionFrame> {
  const packed = tf.tidy(() => {
    const { classes, confidence } = argmaxConfidence(predict(uploadBatch(batch, false).images));
    const level = tf.minimum(tf.floor(tf.mul(confidence, CONFIDENCE_STEPS)), CONFIDENCE_STEPS);
    return tf.add(tf.mul(classes, tf.scalar(CLASS_UNIT, 'int32')), tf.cast(level, 'int32'));
  });
  const values = await readValues(packed);
  packed.dispose();
  const pixels = batch.size.width * batch.size.height;
  const predictions = Array.from({ length: batch.count }, (_, i) => {
    const image = values.subarray(i * pixels, (i + 1) * pixels);
    return {
      classes: Uint8Array.from(image, (value) => value >> 16),
      confidence: Uint16Array.from(image, (value) => value & CONFIDENCE_STEPS),
    };
  });
  return { step, predictions };
}
