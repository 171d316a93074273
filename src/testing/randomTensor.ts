// Operands with the same values in every contender and every run.
import { RandomStream } from '../domain/rng.ts';
import * as tf from '../engine/tf.ts';

export function uniformValues(count: number, name: string, low = -1, high = 1): Float32Array {
  const stream = new RandomStream(1, 'bench', name);
  return Float32Array.from({ length: count }, () => stream.uniform(low, high));
}

/** Uniform in [low, high). */
export function uniformTensor(shape: readonly number[], name: string, low = -1, high = 1): tf.Tensor {
  const count = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(uniformValues(count, name, low, high), [...shape], 'float32');
}

/** Class indices below `classes`, one pixel in sixteen ignored (255). */
export function labelValues(count: number, classes: number, name: string): Uint8Array {
  const stream = new RandomStream(1, 'bench', name);
  return Uint8Array.from({ length: count }, () => {
    const drawn = Math.floor(stream.uniform(0, (classes * 16) / 15));
    return drawn < classes ? drawn : 255;
  });
}
