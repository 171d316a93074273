// Opens WebGPU for a worker's test files: once, for all of them. Without an adapter everything fails: a test that did not
// run proves nothing.
import { afterAll } from 'vitest';
import { openBackend } from '../engine/backend/openBackend.ts';
import { backendInside, flush } from '../engine/gpu/backendInside.ts';
import { sharedEngine } from './sharedEngine.ts';

const troubles: string[] = [];
let opened: Promise<unknown> | null = null;

/** Call it from a setup file. What the GPU reports fails the file that it was working for. */
export async function webgpuForTests(gpu: () => Promise<GPU>): Promise<void> {
  opened ??= gpu().then((found) =>
    openBackend({ preference: 'webgpu', gpu: found, onTrouble: (error) => troubles.push(error.message) }),
  );
  await opened;
  await sharedEngine('webgpu');
  afterAll(async () => {
    const backend = backendInside();
    if (backend.commandEncoder !== null) flush(backend); // what a test encoded and nobody read is validated here
    await backend.device.queue.onSubmittedWorkDone();
    const reported = troubles.splice(0);
    if (reported.length > 0) throw new Error(`The GPU reported:\n${reported.join('\n')}`);
  });
}
