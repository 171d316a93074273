// What the engine holds at this moment: the leak tests and the studio's memory display read it.

import { compiledBytes } from '../compile/allocate.ts';
import * as tf from '../tf.ts';

export interface EngineMemory {
  readonly tensors: number;
  /** Bytes allocated on the GPU, including buffers kept for reuse and those of compiled programs; null on the CPU backend, which does not count them. */
  readonly gpuBytes: number | null;
}

export function memory(): EngineMemory {
  const info: unknown = tf.memory();
  const { numTensors } = tf.memory();
  if (typeof info === 'object' && info !== null && 'numBytesAllocatedInGPU' in info) {
    // WebGL and WebGPU give the field one meaning: used plus pooled.
    return { tensors: numTensors, gpuBytes: Number(info.numBytesAllocatedInGPU) + compiledBytes() };
  }
  if (typeof info === 'object' && info !== null && 'numBytesInGPUAllocated' in info) {
    return { tensors: numTensors, gpuBytes: Number(info.numBytesInGPUAllocated) };
  }
  return { tensors: numTensors, gpuBytes: null };
}
