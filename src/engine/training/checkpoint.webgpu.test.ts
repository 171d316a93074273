import { afterEach, describe, expect, it } from 'vitest';
import type { NetworkEntry } from '../networks/core/network.ts';
import { lite } from '../networks/lite.ts';
import { readSafetensors, writeSafetensors } from '../weightFiles/safetensors.ts';
import { packCheckpoint, restoreCheckpoint } from './checkpoint.ts';
import { runStep } from './runStep.ts';
import { speck } from './testing/speck.ts';
import { TINY, twoColourBatches } from './testing/twoColours.ts';
import { createTrainer, readMetrics, type Trainer, type TrainerConfig } from './trainer.ts';

const open: { dispose(): void }[] = [];
afterEach(() => {
  for (const part of open.splice(0)) part.dispose();
});
function trainerOf(changes: Partial<TrainerConfig> = {}, network: NetworkEntry = speck): Trainer {
  const config = {
    networkId: 'speck',
    methodId: 'source-only',
    params: { batchSize: 1 },
    seed: 1,
    steps: 10,
    classWeights: new Float32Array(19).fill(1),
    size: TINY,
    ...changes,
  };
  const trainer = createTrainer(config, network);
  open.push(trainer);
  return trainer;
}
/** Position of the first byte that differs; -1 for equal files. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return a.findIndex((byte, i) => byte !== b[i]);
}
const refusal = (code: string) => expect.objectContaining({ code });

describe('checkpoint', { timeout: 60_000 }, () => {
  it('holds weights and optimiser slots by name, in PyTorch’s layout', async () => {
    const file = readSafetensors(await packCheckpoint(trainerOf(), { a: 'b' }));
    expect(file.tensors.get('networks.segmenter.stem.0.weight')?.shape).toEqual([4, 3, 3, 3]);
    expect(file.tensors.get('optimisers.segmenter.second_moment.stem.0.weight')?.shape).toEqual([4, 3, 3, 3]);
    expect(file.metadata).toMatchObject({ network: 'speck', method: 'source-only', step: '0', 'extra.a': 'b' });
  });

  it('is of the moment of the call, whatever is queued after it', async () => {
    const trainer = trainerOf();
    const step = (): Promise<void> => runStep(trainer, twoColourBatches(trainer.streams, 1, trainer.step));
    await step();
    const before = await packCheckpoint(trainer);
    const packing = packCheckpoint(trainer);
    await step();
    expect(await packing).toEqual(before);
    expect(await packCheckpoint(trainer)).not.toEqual(before);
    await readMetrics(trainer);
  });

  it('resumes the recipe’s network with the bits of an uninterrupted run', async () => {
    const changes = { networkId: 'lite', size: { width: 32, height: 16 } };
    const step = (trainer: Trainer): Promise<void> =>
      runStep(trainer, twoColourBatches(trainer.streams, 1, trainer.step, trainer.config.size));
    const whole = trainerOf(changes, lite);
    await step(whole);
    const file = await packCheckpoint(whole);
    await step(whole);
    await step(whole);
    const resumed = trainerOf({ ...changes, seed: 1 }, lite);
    restoreCheckpoint(resumed, file);
    await step(resumed);
    await step(resumed);
    expect(firstDifference(await packCheckpoint(resumed), await packCheckpoint(whole))).toBe(-1);
    const losses = async (trainer: Trainer) => [...(await readMetrics(trainer))!['train/loss_seg']!.values];
    expect(await losses(resumed)).toEqual((await losses(whole)).slice(1));
  });

  it('refuses what is not its own, with nothing changed', async () => {
    const trainer = trainerOf();
    const file = await packCheckpoint(trainer);
    const { tensors, metadata } = readSafetensors(file);
    const rewritten = (change: Record<string, string>, without = '') =>
      writeSafetensors(
        [...tensors]
          .filter(([name]) => name !== without)
          .map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }] as const),
        { ...metadata, ...change },
      );
    const before = await packCheckpoint(trainer);
    const name = 'networks.segmenter.stem.0.weight';
    for (const [wrong, code] of [
      [rewritten({ method: 'supervised' }), 'checkpoint.incompatible'],
      [rewritten({ network: 'lite' }), 'checkpoint.incompatible'],
      [rewritten({ format: 'other' }), 'checkpoint.incompatible'],
      [rewritten({ step: '11' }), 'checkpoint.incompatible'],
      [rewritten({ step: 'x' }), 'checkpoint.incompatible'],
      [rewritten({}, name), 'checkpoint.incompatible'],
      [file.subarray(0, -1), 'checkpoint.corrupt'],
    ] as const) {
      expect(() => restoreCheckpoint(trainer, wrong)).toThrow(refusal(code));
    }
    expect(await packCheckpoint(trainer)).toEqual(before);
  });
});
