// A problem that any segmenter learns in a few steps: dark is class 0, bright is class 1, with noise and a moving border.
import type { HostBatch, Size } from '../../../domain/dataset.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { STREAM_NAMES, type Streams } from '../../methods/core/defineMethod.ts';
import type { HostBatches } from '../stepInputs.ts';

export const TINY: Size = { width: 16, height: 8 };

/** `count` pictures drawn from (seed, index); the same arguments give the same bytes. */
export function twoColours(seed: number, index: number, count: number, size: Size = TINY): HostBatch {
  const random = new RandomStream(seed, 'two colours', index);
  const { width, height } = size;
  const labels = new Uint8Array(count * width * height);
  const images = new Uint8Array(labels.length * 3);
  for (let i = 0; i < count; i++) {
    const border = width / 4 + random.integer(width / 2);
    for (let pixel = i * width * height; pixel < (i + 1) * width * height; pixel++) {
      const isBright = pixel % width >= border;
      labels[pixel] = isBright ? 1 : 0;
      for (let c = 0; c < 3; c++) images[pixel * 3 + c] = (isBright ? 160 : 40) + random.integer(40);
    }
  }
  return { size, count, images, labels };
}

/** What a step with these streams is fed with at `step`. */
export function twoColourBatches(streams: Streams, seed: number, step: number, size: Size = TINY): HostBatches {
  return Object.fromEntries(
    STREAM_NAMES.flatMap((name, s) => {
      const count = streams[name];
      return count === undefined ? [] : [[name, twoColours(seed + s, step, count, size)] as const];
    }),
  );
}
