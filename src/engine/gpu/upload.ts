// Host bytes to tensors. Shapes are the batch's, never the data's, so buffers are reused from step to step.
import * as tf from '../tf.ts';
import { backendInside, bufferOf } from './backendInside.ts';
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

/** Puts a tensor into a GPU buffer of its own that stays for `overwrite`. WebGPU only. */
export function persistent(x: tf.Tensor): void {
  backendInside().uploadToGPU(x.dataId);
}

/** New values for a persistent tensor, of its size; bytes are packed. Queued: what was queued before sees the old values. */
export function overwrite(x: tf.Tensor, values: Uint8Array | Float32Array): void {
  const backend = backendInside();
  const data = values.byteLength % 4 === 0 ? values : packed(Uint8Array.from(values));
  const { buffer, byteOffset, byteLength } = data;
  backend.device.queue.writeBuffer(bufferOf(backend, x.dataId), 0, buffer, byteOffset, byteLength);
}
