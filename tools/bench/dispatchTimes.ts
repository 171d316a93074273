// How long single dispatches run, by the GPU's own clock: whatever runs too long is taken for hung and killed by a watchdog.
import * as tf from '../../src/engine/tf.ts';
import { finishGpu } from './stockBackend.ts';

export interface DispatchTimes {
  readonly count: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

const MAX_PASSES = 2048;
const QUERY_RESOLVE_AND_COPY = 0x0200 | 0x0004; // GPUBufferUsage.QUERY_RESOLVE | COPY_SRC
const MAP_READ_AND_COPY = 0x0001 | 0x0008; // GPUBufferUsage.MAP_READ | COPY_DST

/** Times every dispatch that `queue` makes, each in a pass of its own. Null where the device has no timestamps. */
export async function longestDispatch(queue: () => void | Promise<void>): Promise<DispatchTimes | null> {
  const backend = tf.backend();
  if (!(backend instanceof tf.WebGPUBackend) || !backend.device.features.has('timestamp-query')) return null;
  const { device } = backend;
  await finishGpu();
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * MAX_PASSES });
  let passes = 0;
  const flags = tf.env();
  const batchSize = flags.getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE');
  const begin = GPUCommandEncoder.prototype.beginComputePass;
  GPUCommandEncoder.prototype.beginComputePass = function (this: GPUCommandEncoder, descriptor) {
    if (passes >= MAX_PASSES) return begin.call(this, descriptor);
    const first = 2 * passes++;
    const timestampWrites = { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
    return begin.call(this, { ...descriptor, timestampWrites });
  };
  flags.set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 1);
  try {
    await queue();
  } finally {
    GPUCommandEncoder.prototype.beginComputePass = begin;
    flags.set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', batchSize);
  }
  await finishGpu();
  const stamps = await readStamps(device, querySet, 2 * passes);
  querySet.destroy();
  const times = Array.from(
    { length: passes },
    (_, i) => Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6,
  );
  return { count: passes, longestMs: Math.max(0, ...times), totalMs: times.reduce((sum, ms) => sum + ms, 0) };
}

async function readStamps(device: GPUDevice, querySet: GPUQuerySet, count: number): Promise<BigUint64Array> {
  if (count === 0) return new BigUint64Array(0);
  const resolved = device.createBuffer({ size: 8 * count, usage: QUERY_RESOLVE_AND_COPY });
  const readable = device.createBuffer({ size: 8 * count, usage: MAP_READ_AND_COPY });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readable, 0, 8 * count);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(0x0001); // GPUMapMode.READ
  const stamps = new BigUint64Array(readable.getMappedRange().slice(0));
  resolved.destroy();
  readable.destroy();
  return stamps;
}
