// What lets test files share one engine: each begins with the backend of its project, the kernels' first choices and no
// tensor of others, and fails if it leaves any behind. A test's own tensors end with it; what it builds, it disposes of.
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { BackendName } from '../domain/device.ts';
import { openKernelChoices } from '../engine/ops/conv2d/choice/choices.ts';
import * as tf from '../engine/tf.ts';
import { failOnWarnings } from './failOnWarnings.ts';

let excused = 0;

/** Call it from a setup file, when the backend is open. */
export async function sharedEngine(backend: BackendName): Promise<void> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  excused = 0;
  failOnWarnings();
  beforeEach(() => {
    if (backend === 'webgpu') openKernelChoices();
    tf.engine().startScope();
  });
  afterEach(() => tf.engine().endScope());
  afterAll(() => {
    expect(tf.memory().numTensors - before, 'tensors that this file leaves behind').toBe(excused);
  });
}

/** For a test of a failure after which nobody can reach `count` tensors: TensorFlow.js keeps them. */
export function leavesBehind(count: number): void {
  excused += count;
}
