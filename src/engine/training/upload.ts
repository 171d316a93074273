// Host batches to what networks and methods take: normalised images, int32 labels.
import type { HostBatch } from '../../domain/dataset.ts';
import { uploadImages, uploadLabels } from '../gpu/upload.ts';
import type { Batch } from '../methods/method.ts';
import { normaliseImages } from '../ops/normaliseImages.ts';

/** A host batch on the GPU. Call inside `tf.tidy`. */
export function uploadBatch({ size, count, images, labels }: HostBatch, withLabels: boolean): Batch {
  const shape = [count, size.height, size.width] as const;
  return {
    images: normaliseImages(uploadImages(images, shape)),
    labels: withLabels && labels !== null ? uploadLabels(labels, shape) : null,
  };
}
