// Opens WebGPU for the tests of a file. Without an adapter everything fails: a test that did not run proves nothing.
import { afterAll } from 'vitest';
import { closeBackend, openBackend } from '../engine/gpu/openBackend.ts';
import { failOnWarnings } from './failOnWarnings.ts';

/** Call it from a setup file. What the GPU reports fails the file. */
export async function webgpuForTests(gpu: GPU): Promise<void> {
  const troubles: string[] = [];
  await openBackend({ preference: 'webgpu', gpu, onTrouble: (error) => troubles.push(error.message) });
  failOnWarnings();
  afterAll(() => {
    closeBackend();
    if (troubles.length > 0) throw new Error(`The GPU reported:\n${troubles.join('\n')}`);
  });
}
