// CycleGAN's schedule and the rule of its pool: what is decided on the host before a step.
import { afterEach, describe, expect, it } from 'vitest';
import type { ParamValues } from '../../../domain/params.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { closeAll, trainerOf as methodTrainer } from '../../training/testing/methodRuns.ts';
import type { Trainer } from '../../training/trainer.ts';
import type { Plan } from '../core/plan.ts';
import { drawExchange } from './settings.ts';

const trainerOf = (params: ParamValues): Trainer => methodTrainer('cyclegan', params);
afterEach(closeAll);
const STEPS = 100;

describe('the plan', () => {
  const planAt = (trainer: Trainer, at: number, params: ParamValues = {}): Plan =>
    trainer.running.plan(at, STEPS, params, new RandomStream(1, 'step', at));

  it('holds the rates for the first half and lets them fall to 0, and the noise from the start to 0.3 of it', () => {
    const trainer = trainerOf({});
    expect(planAt(trainer, 0)).toMatchObject({ lr: 2e-3, lr_discriminator: 5e-4, noise: 0.15, lambdaCycle: 2 });
    expect(planAt(trainer, 50).lr).toBe(2e-3);
    expect(planAt(trainer, 75).lr).toBeCloseTo(1e-3, 12);
    expect(planAt(trainer, 99).lr_discriminator).toBeCloseTo(1e-5, 12);
    expect(planAt(trainer, 50).noise).toBeCloseTo(0.15 * 0.65, 12);
    expect(planAt(trainer, 99, { decayFrom: 1 }).lr).toBe(2e-3);
  });

  it('leaves out what is off, and follows a weight that changes', () => {
    const trainer = trainerOf({});
    const plan = planAt(trainer, 3);
    expect(Object.keys(plan)).not.toEqual(expect.arrayContaining(['lambdaIdentity']));
    expect(planAt(trainer, 3, { lambdaCycle: 10, lambdaIdentity: 0.5 }).lambdaIdentity).toBe(5);
    const quiet = planAt(trainer, 3, { instanceNoise: 0 });
    expect(Object.keys(quiet).filter((key) => key.startsWith('noise'))).toEqual([]);
    // The other draws are those of a run with noise.
    expect(quiet.generatorKeys).toEqual(plan.generatorKeys);
  });

  it('cuts windows that lie inside, all over', () => {
    const params = { crop: 8, batchSize: 8 };
    const trainer = trainerOf(params);
    const lefts = Array.from({ length: 20 }, (_, at) => planAt(trainer, at, params).sourceWindows).flatMap(
      (windows) => {
        if (typeof windows !== 'object') throw new Error('No windows.');
        const { values } = windows;
        expect(values.filter((_, i) => i % 2 === 0)).toEqual(new Float32Array(8));
        return [...values.filter((_, i) => i % 2 === 1)];
      },
    );
    expect([...new Set(lefts)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('drawExchange', () => {
  const exchanges = (capacity: number, batchSize: number, steps: number): (readonly [number, number])[][] =>
    Array.from({ length: steps }, (_, at) => {
      const random = new RandomStream(1, 'step', at);
      const { values } = drawExchange(random, { batchSize, capacity, seen: at * batchSize });
      return Array.from({ length: batchSize }, (_, i) => [values[2 * i]!, values[2 * i + 1]!] as const);
    });

  it('fills the pool in order and shows what is new; then swaps half of the images, each with another place', () => {
    const all = exchanges(10, 4, 500);
    expect(all.flat().slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, place) => [place, 0]));
    const later = all.slice(3).flat();
    const swapped = later.filter(([place]) => place >= 0);
    expect(swapped.length / later.length).toBeCloseTo(0.5, 1);
    expect(swapped.every(([, isOldShown]) => isOldShown === 1)).toBe(true);
    expect(later.every(([place, isOldShown]) => place >= 0 || isOldShown === 0)).toBe(true);
    expect(new Set(swapped.map(([place]) => place)).size).toBe(10);
    for (const batch of all) {
      const places = batch.map(([place]) => place).filter((place) => place >= 0);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it('takes a pool that is smaller than a batch', () => {
    for (const batch of exchanges(2, 5, 50)) {
      expect(batch.filter(([place]) => place >= 0).length).toBeLessThanOrEqual(2);
    }
  });
});
