// Programs traced once and replayed: the bits of eager execution, memory known and shared, impure programs refused.
import { afterEach, describe, expect, it } from 'vitest';
import { leavesBehind } from '../../testing/sharedEngine.ts';
import { memory } from '../backend/memory.ts';
import { readValues } from '../backend/readback.ts';
import { overwrite } from '../gpu/upload.ts';
import { joinBatches } from '../ops/batches/joinBatches.ts';
import { splitBatch } from '../ops/batches/splitBatch.ts';
import * as tf from '../tf.ts';
import { compiledBytes } from './allocate.ts';
import { compileProgram, needsOf } from './compiledProgram.ts';
import type { CompiledProgram } from './replay.ts';

const made: { dispose(): void }[] = [];
afterEach(() => {
  for (const thing of made.splice(0)) thing.dispose();
});
const keep = <T extends { dispose(): void }>(thing: T): T => {
  made.push(thing);
  return thing;
};
const compile = async (program: () => tf.Tensor[]): Promise<CompiledProgram> => keep(await compileProgram(program));

function variable(values: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

async function valuesOf(tensors: tf.Tensor[]): Promise<number[][]> {
  const values = await Promise.all(tensors.map(async (x) => [...(await readValues(x))]));
  tf.dispose(tensors);
  return values;
}

/** A chain of TensorFlow.js's own operations, with constants, whose values depend on every element of `x`. */
function chain(x: tf.Tensor): tf.Tensor {
  let y = x;
  for (let k = 1; k <= 20; k++) y = tf.add(tf.mul(y, tf.scalar(1 + k / 64)), tf.sin(tf.sum(y)));
  return y;
}

describe('compiled programs', () => {
  it('compute what eager execution computes, bit for bit, on whatever their inputs hold', async () => {
    const x = keep(variable([0.1, -2.5, 3.75]));
    const compiled = await compile(() => [chain(x), tf.max(x)]);
    for (const values of [
      [0.1, -2.5, 3.75],
      [7, 0.3, -0.01],
    ]) {
      const given = tf.tensor1d(values);
      overwrite(x, Float32Array.from(values));
      const eager = await valuesOf(tf.tidy(() => [chain(given), tf.max(given)]));
      expect(await valuesOf(compiled.replay())).toEqual(eager);
      given.dispose();
    }
  });

  it('copy parts of buffers where eager execution does', async () => {
    const x = keep(tf.tensor1d([1, 2, 3, 4, 5]));
    const swapped = (): tf.Tensor[] => {
      const [head, tail] = splitBatch(tf.add(x, 1), [2, 3]);
      const whole = joinBatches([tail, tf.mul(head, 10)]);
      return [whole, tf.add(whole, splitBatch(tf.mul(x, 2), [5])[0])];
    };
    const compiled = await compile(swapped);
    for (let run = 0; run < 2; run++) {
      expect(await valuesOf(compiled.replay())).toEqual([
        [4, 5, 6, 20, 30],
        [6, 9, 12, 28, 40],
      ]);
    }
    expect(await valuesOf(tf.tidy(swapped))).toEqual(await valuesOf(compiled.replay()));
  });

  it('do not run while they are traced, and leave the backend as it was', async () => {
    const x = keep(tf.tensor1d([1, 2]));
    const before = memory();
    const compiled = await compile(() => [chain(x)]);
    expect(compiled.needs.dispatches).toBeGreaterThan(40);
    expect(memory().tensors).toBe(before.tensors);
    expect(await valuesOf(tf.tidy(() => [tf.add(x, 1)]))).toEqual([[2, 3]]);
  });

  it('share buffers between intermediates that are not needed together', async () => {
    const x = keep(tf.zeros([1000]));
    const { needs } = await compile(() => [chain(x)]);
    expect(needs.unsharedBytes).toBeGreaterThan(40 * 4000);
    expect(needs.scratchBytes).toBeLessThan(4 * 4000);
    expect(needs.scratchBytes).toBeGreaterThanOrEqual(needs.scratchLowerBoundBytes);
    expect(needs.externalBytes).toBe(4000);
  });

  it('count what they hold', async () => {
    const x = keep(tf.zeros([1000]));
    const before = compiledBytes();
    const compiled = await compileProgram(() => [chain(x)]);
    expect(compiledBytes() - before).toBe(compiled.needs.scratchBytes + compiled.needs.constantBytes);
    compiled.dispose();
    expect(compiledBytes()).toBe(before);
  });

  it('take tensors that were never on the GPU as what they are: inputs', async () => {
    const x = keep(tf.tensor1d([1, 2]));
    const compiled = await compile(() => [tf.mul(x, 3)]);
    expect(compiled.needs.externalBytes).toBe(8);
    expect(await valuesOf(compiled.replay())).toEqual([[3, 6]]);
  });

  it('know when what they were traced with is gone', async () => {
    const x = keep(variable([1, 2]));
    const compiled = await compile(() => [tf.mul(x, 3)]);
    expect(compiled.isCurrent()).toBe(true);
    const clone = tf.clone(x);
    expect(compiled.isCurrent()).toBe(false);
    clone.dispose();
    expect(compiled.isCurrent()).toBe(true);
    tf.tidy(() => x.assign(tf.tensor1d([5, 6])));
    expect(compiled.isCurrent()).toBe(false);
  });

  it('are refused before they run, with what they need and what there is', async () => {
    const x = keep(tf.zeros([1000]));
    const { totalBytes } = needsOf(() => [chain(x)]);
    const before = compiledBytes();
    await expect(compileProgram(() => [chain(x)], { memoryLimitBytes: totalBytes - 1 })).rejects.toMatchObject({
      code: 'gpu.limit-exceeded',
      context: { neededBytes: totalBytes, offeredBytes: totalBytes - 1 },
    });
    expect(compiledBytes()).toBe(before);
    await expect(compile(() => [chain(x)])).resolves.toBeDefined();
  });

  it.each([
    ['assign to a variable', (x: tf.Variable) => [x.assign(tf.mul(x, 2)), tf.add(x, 1)].slice(1)],
    ['read', (x: tf.Variable) => [tf.scalar((tf.mul(x, 2).dataSync() as Float32Array)[0]!)]],
    ['return what they were given', (x: tf.Variable) => [x]],
  ])('that %s are refused, and eager work goes on', async (name, program) => {
    const x = variable([1, 2]);
    await expect(compileProgram(() => program(x) as tf.Tensor[])).rejects.toMatchObject({ code: 'internal.invariant' });
    const y = keep(tf.tensor1d([1, 2]));
    expect(await valuesOf(tf.tidy(() => [tf.add(y, 1)]))).toEqual([[2, 3]]);
    if (name === 'read') x.dispose();
    else if (name === 'assign to a variable') leavesBehind(1); // its buffer was the program's
  });
});
