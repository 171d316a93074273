// A kernel stated once: its text, what a call must bring, and what it returns.
import { describe, expect, it } from 'vitest';
import { expectInvariant } from '../../testing/opContract.ts';
import { readValues } from '../backend/readback.ts';
import * as tf from '../tf.ts';
import { defineKernel, numbered, when } from './kernel.ts';
import { perElement } from './wgsl.ts';

/** sum = x + more, where there is more; state counts up. */
const kernel = defineKernel({
  name: 'testKernel',
  uniforms: { size: 'i32', factor: 'f32' },
  inputs: ({ adds }) => ({ x: 'f32', ...when(adds, { more: 'f32' }) }),
  updates: { state: 'f32' },
  outputs: { sum: 'f32', rounded: 'i32' },
  head: () => 'const ONE = 1.0;',
  wgsl: ({ adds }: { readonly adds: boolean }) =>
    perElement(
      'u.size',
      `let value = u.factor * x[index]${adds ? ' + more[index]' : ''};
  state[index] += ONE;
  sum[index] = value;
  rounded[index] = i32(value);`,
    ),
});

const call = (x: tf.Tensor2D, state: tf.Tensor, more?: tf.Tensor) =>
  kernel.run({
    spec: { adds: more !== undefined },
    inputs: { x, more },
    updates: { state },
    outputs: { sum: x.shape, rounded: [x.size] },
    threads: x.size,
    uniforms: { size: x.size, factor: 1.5 },
  });

describe('a kernel', () => {
  it('declares what its spec binds, in order, before its own text', () => {
    const bindings = kernel.text({ adds: true }).split('\n').slice(0, 11);
    expect(bindings).toEqual([
      'const ONE = 1.0;',
      '@group(0) @binding(0) var<storage, read> x: array<f32>;',
      '@group(0) @binding(1) var<storage, read> more: array<f32>;',
      '@group(0) @binding(2) var<storage, read_write> state: array<f32>;',
      '@group(0) @binding(3) var<storage, read_write> sum: array<f32>;',
      '@group(0) @binding(4) var<storage, read_write> rounded: array<i32>;',
      'struct Uniforms {',
      '  size: i32,',
      '  factor: f32,',
      '}',
      '@group(0) @binding(5) var<uniform> u: Uniforms;',
    ]);
    expect(kernel.text({ adds: false })).not.toContain('more');
    expect(numbered('part', 2, 'vec4f')).toEqual({ part0: 'vec4f', part1: 'vec4f' });
  });

  it.each([false, true])('gives results by name and type, writes in place, input more: %s', async (adds) => {
    const x = tf.tensor2d([[1, 2, 3]]);
    const state = tf.tensor1d([0, 5, 0]);
    const { sum, rounded } = call(x, state, adds ? tf.tensor2d([[1, 1, 1]]) : undefined);
    expect([sum.shape, sum.dtype, rounded.shape, rounded.dtype]).toEqual([[1, 3], 'float32', [3], 'int32']);
    const expected = [1.5, 3, 4.5].map((value) => value + (adds ? 1 : 0));
    expect([...(await readValues(sum))]).toEqual(expected);
    expect([...(await readValues(rounded))]).toEqual(expected.map(Math.floor));
    expect([...(await readValues(state))]).toEqual([1, 6, 1]);
  });

  it('reads floats of a tensor that was relabelled from whole numbers', async () => {
    const x = tf.cast(tf.tensor2d([[4, 6]], [1, 2], 'int32'), 'float32') as tf.Tensor2D;
    expect([...(await readValues(call(x, tf.zeros([2])).sum))]).toEqual([6, 9]);
  });

  it('refuses a call without a tensor or a shape that its spec binds', () => {
    const x = tf.tensor2d([[1]]);
    const uniforms = { size: 1, factor: 1 };
    const [inputs, updates, outputs] = [{ x }, { state: tf.zeros([1]) }, { sum: [1], rounded: [1] }] as const;
    const rest = { spec: { adds: true }, updates, threads: 1, uniforms };
    expectInvariant(() => kernel.run({ ...rest, inputs, outputs }));
    const without = { sum: [1] } as unknown as typeof outputs;
    expectInvariant(() => kernel.run({ ...rest, spec: { adds: false }, inputs, outputs: without }));
  });
});
