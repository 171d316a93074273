// The device: opening, facts, read-back, determinism.
import { describe, expect, it } from 'vitest';
import { randomArray, toTensor } from '../../testing/opContract.ts';
import { memory } from '../backend/memory.ts';
import { openBackend } from '../backend/openBackend.ts';
import { readAll, readBytes, readScalars } from '../backend/readback.ts';
import { runSelfTest } from '../backend/selfTest.ts';
import { conv2d } from '../ops/conv2d/conv2d.ts';
import * as tf from '../tf.ts';
import { describeAdapter, isSoftwareAdapter } from './adapter.ts';

const facts = (vendor: string, architecture: string, description: string, device = '') => ({
  vendor,
  architecture,
  description,
  device,
});

describe('adapter facts', () => {
  it.each([
    ['SwiftShader', facts('google', 'swiftshader', 'SwiftShader driver 5.0.0'), true],
    ['lavapipe', facts('mesa', '', 'llvmpipe: Mesa 25 (LLVM 15)'), true],
    ['WARP', facts('microsoft', '', 'Microsoft Basic Render Driver'), true],
    ['a fallback adapter', { ...facts('', '', ''), isFallbackAdapter: true }, true],
    ['NVIDIA', facts('nvidia', 'ampere', 'NVIDIA GeForce RTX 3060'), false],
    ['Apple', facts('apple', 'metal-3', ''), false],
  ])('%s', (_, info, isSoftware) => expect(isSoftwareAdapter(info)).toBe(isSoftware));

  it('are described once each', () => {
    expect(describeAdapter(facts('nvidia', 'ampere', 'NVIDIA GeForce RTX 3060'))).toBe(
      'nvidia ampere NVIDIA GeForce RTX 3060',
    );
    expect(describeAdapter(facts('apple', 'apple', ''))).toBe('apple');
    expect(describeAdapter(facts('', '', ''))).toBe('');
  });
});

describe('openBackend', () => {
  it('goes on to the next backend and keeps the reasons', async () => {
    const current = tf.getBackend();
    const gpu = { requestAdapter: async () => null } as unknown as GPU;
    const device = await openBackend({ preference: 'auto', gpu });
    expect(device).toMatchObject({ backend: 'cpu', software: true });
    expect(device.fallbackReason).toContain('no graphics adapter');
    await tf.setBackend(current);
  });

  it('refuses WebGPU by name where there is none, and says why', async () => {
    await expect(openBackend({ preference: 'webgpu', gpu: undefined })).rejects.toMatchObject({
      code: 'gpu.unavailable',
    });
  });
});

describe('the open backend', () => {
  it('passes the self-test and leaves no tensor', async () => {
    const current = tf.getBackend() === 'webgpu' ? 'webgpu' : 'cpu';
    const before = memory().tensors;
    await runSelfTest(current);
    expect(memory().tensors).toBe(before);
  });

  it('reads a record of scalars', async () => {
    const scalars = { half: tf.scalar(0.5), count: tf.scalar(7, 'int32') };
    expect(await readScalars(scalars)).toEqual({ half: 0.5, count: 7 });
    expect(await readScalars({})).toEqual({});
    tf.dispose(scalars);
  });

  it('reads several tensors with one copy, empty ones too, and bytes', async () => {
    const tensors = [tf.tensor2d([[1, 2]]), tf.zeros([0]), tf.tensor1d([3])];
    expect((await readAll(tensors)).map((values) => [...values])).toEqual([[1, 2], [], [3]]);
    const bytes = tf.tensor1d([0, 255], 'int32');
    expect(await readBytes(bytes)).toEqual(Uint8Array.of(0, 255));
    tf.dispose([...tensors, bytes]);
  });

  it('computes the same bits twice, and its buffers do not grow', async () => {
    const x = toTensor<tf.Tensor4D>(randomArray('x', [2, 16, 24, 8]));
    const filter = toTensor<tf.Tensor4D>(randomArray('filter', [3, 3, 8, 12]));
    const gradients = () =>
      tf.grads((x, filter) =>
        tf.sum(tf.square(conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, { dilation: 2, padding: 2 }))),
      )([x, filter]);
    const run = async () => {
      const results = tf.tidy(gradients);
      const values = await readAll(results);
      tf.dispose(results);
      return values;
    };
    const first = await run();
    await run();
    const { tensors, gpuBytes } = memory();
    for (let repeat = 0; repeat < 5; repeat++) expect(await run()).toEqual(first);
    expect(memory()).toEqual({ tensors, gpuBytes });
    tf.dispose([x, filter]);
  });
});
