// The most GPU memory that TensorFlow.js's tensors hold at one moment of some work.
import * as tf from '../../src/engine/tf.ts';
import { finishGpu } from './stockBackend.ts';

/** Bytes of buffers in use, weights and all; buffers that wait in the pool for reuse are not counted. */
export async function peakBytes(work: () => void | Promise<void>): Promise<number | null> {
  const backend = tf.backend();
  if (!(backend instanceof tf.WebGPUBackend)) return null;
  const { bufferManager } = backend;
  await finishGpu();
  let peak = 0;
  const acquire = bufferManager.acquireBuffer;
  bufferManager.acquireBuffer = (...args) => {
    const buffer = acquire.apply(bufferManager, args);
    peak = Math.max(peak, bufferManager.numBytesUsed);
    return buffer;
  };
  try {
    await work();
  } finally {
    bufferManager.acquireBuffer = acquire;
  }
  await finishGpu();
  return peak;
}
