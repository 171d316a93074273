// How long single dispatches run, by the GPU's own clock: where a step's time goes, and whether any runs so long that a
// watchdog takes it for hung.
import type { DispatchTime } from '../../domain/debug.ts';
import * as tf from '../tf.ts';
import { type BackendInside, backendInside, flush } from './backendInside.ts';

export interface DispatchTimes {
  readonly count: number;
  readonly longestMs: number;
  readonly totalMs: number;
  /** By program, the dearest first. */
  readonly programs: readonly DispatchTime[];
}

const MAX_PASSES = 2048;
const QUERY_RESOLVE_AND_COPY = 0x0200 | 0x0004; // GPUBufferUsage.QUERY_RESOLVE | COPY_SRC
const MAP_READ_AND_COPY = 0x0001 | 0x0008; // GPUBufferUsage.MAP_READ | COPY_DST

/**
 * Times every dispatch that `queue` makes, each in a pass of its own: eagerly run operations, not compiled programs, whose
 * passes hold many. The first 2048. Null where the device has no timestamps.
 */
export async function timeDispatches(queue: () => void | Promise<void>): Promise<DispatchTimes | null> {
  if (tf.getBackend() !== 'webgpu') return null;
  const backend = backendInside();
  const { device } = backend;
  if (!device.features.has('timestamp-query')) return null;
  await finish(backend);
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 * MAX_PASSES });
  const names: string[] = [];
  const restore = watchPasses(querySet, names);
  try {
    await queue();
  } finally {
    restore();
  }
  await finish(backend);
  const stamps = await readStamps(device, querySet, 2 * names.length);
  querySet.destroy();
  const times = names.map((_, i) => Number((stamps[2 * i + 1] ?? 0n) - (stamps[2 * i] ?? 0n)) / 1e6);
  return {
    count: times.length,
    longestMs: Math.max(0, ...times),
    totalMs: times.reduce((sum, ms) => sum + ms, 0),
    programs: byProgram(names, times),
  };
}

/** Has every pass hold one dispatch and write its times; notes the program of each. Answers with the way back. */
function watchPasses(querySet: GPUQuerySet, names: string[]): () => void {
  const flags = tf.env();
  const batchSize = flags.getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE');
  const encoder = GPUCommandEncoder.prototype;
  const pass = GPUComputePassEncoder.prototype;
  const { beginComputePass } = encoder;
  const { setPipeline } = pass;
  encoder.beginComputePass = function (this: GPUCommandEncoder, descriptor) {
    if (names.length >= MAX_PASSES) return beginComputePass.call(this, descriptor);
    const first = 2 * names.length;
    names.push('');
    const timestampWrites = { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
    return beginComputePass.call(this, { ...descriptor, timestampWrites });
  };
  pass.setPipeline = function (this: GPUComputePassEncoder, pipeline) {
    names[names.length - 1] ||= pipeline.label;
    setPipeline.call(this, pipeline);
  };
  flags.set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 1);
  return () => {
    encoder.beginComputePass = beginComputePass;
    pass.setPipeline = setPipeline;
    flags.set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', batchSize);
  };
}

function byProgram(names: readonly string[], times: readonly number[]): DispatchTime[] {
  const programs = new Map<string, DispatchTime>();
  names.forEach((name, i) => {
    const { dispatches, ms } = programs.get(name) ?? { dispatches: 0, ms: 0 };
    programs.set(name, { name, dispatches: dispatches + 1, ms: ms + (times[i] ?? 0) });
  });
  return [...programs.values()].sort((a, b) => b.ms - a.ms);
}

async function finish(backend: BackendInside): Promise<void> {
  flush(backend);
  await backend.device.queue.onSubmittedWorkDone();
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
