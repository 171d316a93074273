// Host batches to what networks and methods take: normalised images, int32 labels.
import type { HostBatch } from '../../domain/dataset.ts';
import { uploadBytes } from '../gpu/upload.ts';
import type { Batch } from '../methods/core/defineMethod.ts';
import { unpackImages, unpackLabels } from '../ops/unpackBytes/unpackBytes.ts';

/** A host batch on the GPU. Call inside `tf.tidy`. */
export function uploadBatch({ size, count, images, labels }: HostBatch, withLabels: boolean): Batch {
  const shape = [count, size.height, size.width] as const;
  return {
    images: unpackImages(uploadBytes(images), shape),
    labels: withLabels && labels !== null ? unpackLabels(uploadBytes(labels), shape) : null,
  };
}
