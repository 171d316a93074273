// TensorFlow.js as it comes: its flags as they are by default, its kernels as they are registered, on the device that ours use.
import { invariant } from '../../src/domain/errors.ts';
import * as tf from '../../src/engine/tf.ts';

/** Flags that `openBackend` changes for the sake of determinism, with TensorFlow.js's defaults. */
const STOCK_FLAGS = { WEBGPU_MATMUL_PROGRAM_TYPE: -1, WEBGPU_CPU_FORWARD: true } as const;

/** Runs `work` under TensorFlow.js's default flags. */
export function asStock<T>(work: () => T): T {
  const flags = tf.env();
  const names = Object.keys(STOCK_FLAGS) as (keyof typeof STOCK_FLAGS)[];
  const ours = names.map((name) => [name, flags.get(name)] as const);
  for (const name of names) flags.set(name, STOCK_FLAGS[name]);
  try {
    return work();
  } finally {
    for (const [name, value] of ours) flags.set(name, value as number | boolean);
  }
}

/** Submits what is queued and waits until the GPU is done with it. */
export async function finishGpu(): Promise<void> {
  const backend = tf.backend();
  invariant(backend instanceof tf.WebGPUBackend, () => `The benchmark runs on WebGPU, not on ${tf.getBackend()}.`);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  await backend.queue.onSubmittedWorkDone();
}
