// Host bytes to tensors. Shapes are the batch's, never the data's, so buffers are reused from step to step.
import * as tf from '../tf.ts';
import { canRunPrograms } from './program.ts';

/** Bytes for `unpackImages` and `unpackLabels`: on WebGPU four to an element, first byte lowest, else one. */
export function uploadBytes(bytes: Uint8Array): tf.Tensor1D {
  return tf.tensor1d(canRunPrograms() ? packed(bytes) : Int32Array.from(bytes), 'int32');
}

// Every host of WebGPU is little-endian.
function packed(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}
