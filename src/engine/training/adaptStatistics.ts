// AdaBN (Li et al. 2018): batch normalisation takes on the statistics of another domain, and no weight changes. For a student
// that begins with the weights of a teacher whose statistics have seen the source.
import type { HostBatch } from '../../domain/dataset.ts';
import { readValues } from '../backend/readback.ts';
import type { Network } from '../networks/core/network.ts';
import * as tf from '../tf.ts';
import { uploadBatch } from './upload.ts';

/**
 * Lets the running statistics of `network` follow `batches`, whatever its mode; they move by a tenth a batch, so that some
 * fifty leave little of what was there. Labels are not looked at. Returns how many batches it took: none, and nothing is read,
 * for a network without such statistics.
 */
export async function adaptStatistics(network: Network, batches: AsyncIterable<HostBatch>): Promise<number> {
  const statistic = network.parameters.find(({ trainable }) => !trainable);
  if (statistic === undefined) return 0;
  let count = 0;
  for await (const { size, count: images, images: bytes } of batches) {
    tf.tidy(() => {
      const host = { size, count: images, images: bytes, labels: null };
      network.forward(uploadBatch(host, false).images, 'adapt');
    });
    // Waits, so that the device is not given more than it has done.
    await readValues(statistic.variable);
    count += 1;
  }
  return count;
}
