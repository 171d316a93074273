// Programs of our own on TensorFlow.js's tensors: bindings, uniforms, order, memory. Fails loudly when an upgrade moves the
// members of the backend that program.ts relies on.
import { describe, expect, it } from 'vitest';
import { memory } from '../backend/memory.ts';
import { readValues } from '../backend/readback.ts';
import * as tf from '../tf.ts';
import { canRunPrograms, type ProgramFamily, runProgram } from './program.ts';

const UNIFORMS = { start: 'i32', factor: 'f32' } as const;

/** sums[i] = a[i] + offset; scaled[i] = factor * a[i], for two elements from `start` on. */
const twoOutputs: ProgramFamily<{ readonly offset: number }, keyof typeof UNIFORMS> = {
  name: 'testTwoOutputs',
  uniforms: UNIFORMS,
  wgsl: ({ offset }) => `@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> scaled: array<i32>;
struct Uniforms { start: i32, factor: f32 }
@group(0) @binding(3) var<uniform> u: Uniforms;
@compute @workgroup_size(2) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = u.start + i32(id.x);
  sums[at] = a[at] + ${offset.toFixed(1)};
  scaled[at] = i32(u.factor * a[at]);
}`,
};

const run = (a: tf.Tensor, offset: number, factor: number): tf.Tensor[] =>
  runProgram({
    family: twoOutputs,
    spec: { offset },
    inputs: [a],
    outputs: [{ shape: [2, 2] }, { shape: [4], dtype: 'int32' }],
    dispatches: [0, 2].map((start) => ({ workgroups: [1, 1, 1], uniforms: { start, factor } })),
  }).map((info) => tf.engine().makeTensorFromTensorInfo(info));

describe('programs', () => {
  it('run where WebGPU is the backend', () => expect(canRunPrograms()).toBe(true));

  it('write several outputs in several dispatches, each spec its own program', async () => {
    const a = tf.tensor1d([1, 2, 3, 4]);
    const [sums, scaled] = run(a, 10, 2.5);
    const [others] = run(a, 20, 2.5);
    expect(sums!.shape).toEqual([2, 2]);
    expect([...(await readValues(sums!))]).toEqual([11, 12, 13, 14]);
    expect([...(await readValues(scaled!))]).toEqual([2, 5, 7, 10]);
    expect([...(await readValues(others!))]).toEqual([21, 22, 23, 24]);
    tf.dispose([a, sums!, scaled!, others!]);
  });

  it('keep their place among operations of TensorFlow.js, and hold no more memory', async () => {
    const step = async (): Promise<number[]> => {
      const y = tf.tidy(() => {
        let x: tf.Tensor = tf.fill([4], 1);
        for (let k = 0; k < 20; k++) x = tf.mul(tf.reshape(run(tf.add(x, 1), 1, 1)[0]!, [4]), 0.5);
        return x;
      });
      const values = [...(await readValues(y))];
      y.dispose();
      return values;
    };
    const first = await step();
    let expected = 1;
    for (let k = 0; k < 20; k++) expected = (expected + 2) * 0.5;
    for (const value of first) expect(value).toBeCloseTo(expected, 5);
    await step();
    const held = memory();
    for (let repeat = 0; repeat < 3; repeat++) expect(await step()).toEqual(first);
    expect(memory()).toEqual(held);
  });

  it('give intermediates back', () => {
    const before = tf.memory().numDataBuffers;
    const a = tf.tensor1d([1, 2, 3, 4]);
    const outputs = run(a, 1, 1);
    tf.dispose([a, ...outputs]);
    expect(tf.memory().numDataBuffers).toBe(before);
  });
});
