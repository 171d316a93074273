// What is CycleGAN's own: its schedule and its pool. Its arithmetic is held against PyTorch by the golden cases, its life as a
// method by the contract; that it learns is shown on WebGPU alone, where it takes seconds (cyclegan.webgpu.test.ts).
import { afterEach, describe, expect, it } from 'vitest';
import type { HostBatch } from '../../../domain/dataset.ts';
import { defaultsOf, type ParamValues } from '../../../domain/params.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { readAll, readScalars } from '../../gpu/readback.ts';
import { hashNoise } from '../../ops/hashNoise/hashNoise.ts';
import { adamPlan } from '../../optim/optimiser.ts';
import * as tf from '../../tf.ts';
import { packCheckpoint, restoreCheckpoint } from '../../training/checkpoint.ts';
import { runStep } from '../../training/runStep.ts';
import { speck } from '../../training/testing/speck.ts';
import { TINY, twoColours } from '../../training/testing/twoColours.ts';
import { createTrainer, type Trainer } from '../../training/trainer.ts';
import type { Plan } from '../core/plan.ts';
import { buildCycleGan, CYCLEGAN_ADAM, CYCLEGAN_PARAMS, drawExchange } from './settings.ts';
import { updateCycleGan } from './step.ts';

const STEPS = 100;
const open: Trainer[] = [];
function trainerOf(params: ParamValues): Trainer {
  const classWeights = new Float32Array(19).fill(1);
  const config = { networkId: 'speck', methodId: 'cyclegan', params, seed: 3, steps: STEPS, classWeights, size: TINY };
  const trainer = createTrainer(config, speck);
  open.push(trainer);
  return trainer;
}
afterEach(() => {
  for (const trainer of open.splice(0)) trainer.dispose();
});

function adamScalars(rate: number) {
  const { lr, correction1, correction2 } = adamPlan(rate, 0, CYCLEGAN_ADAM);
  return { lr: tf.scalar(lr), correction1: tf.scalar(correction1), correction2: tf.scalar(correction2) };
}
type Losses = Readonly<Record<string, number>>;
const generatorObjective = ({
  loss_gan_target = Number.NaN,
  loss_gan_source = Number.NaN,
  loss_cycle_source = Number.NaN,
  loss_cycle_target = Number.NaN,
}: Losses): number => loss_gan_target + loss_gan_source + loss_cycle_source + loss_cycle_target;
const discriminatorObjective = ({ loss_d_target = Number.NaN, loss_d_source = Number.NaN }: Losses): number =>
  loss_d_target + loss_d_source;

/** The source as it comes, the target in other colours. */
const redder = (batch: HostBatch): HostBatch => ({
  ...batch,
  images: batch.images.map((value, i) => (i % 3 === 0 ? Math.min(255, value + 50) : value)),
});
const step = (trainer: Trainer, count: number) =>
  runStep(trainer, {
    source: twoColours(1, trainer.step, count),
    target: redder(twoColours(2, trainer.step, count)),
  });

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

describe('cyclegan', { timeout: 60_000 }, () => {
  it('starts two generators and two discriminators that differ', async () => {
    const { toTarget, toSource, targetDiscriminator, sourceDiscriminator } = trainerOf({}).running.state.networks;
    for (const [a, b] of [
      [toTarget, toSource],
      [targetDiscriminator, sourceDiscriminator],
    ]) {
      const [first, second] = await readAll([a!.parameters[0]!.variable, b!.parameters[0]!.variable]);
      expect(first).not.toEqual(second);
    }
  });

  it('resumes with everything switched on, its pools too, to the bit', async () => {
    const params = { batchSize: 1, poolSize: 2, lambdaIdentity: 0.5, ganLoss: 'bce', crop: 8 };
    const whole = trainerOf(params);
    for (let k = 0; k < 2; k++) await step(whole, 1);
    const file = await packCheckpoint(whole);
    await step(whole, 1);
    const resumed = trainerOf(params);
    restoreCheckpoint(resumed, file);
    await step(resumed, 1);
    expect(await packCheckpoint(resumed)).toEqual(await packCheckpoint(whole));
    const { targetPool, sourcePool } = resumed.running.state.buffers!;
    const [target, source] = await readAll([targetPool!, sourcePool!]);
    expect(target!.every((value) => value !== 0)).toBe(true);
    expect(source).not.toEqual(target);
  });

  it('shows its pools to the discriminators alone: no generator learns from what was stored', async () => {
    const params = { batchSize: 2, poolSize: 2, crop: 8 };
    const before = trainerOf(params);
    await step(before, 2);
    const file = await packCheckpoint(before);
    const stepped = async (stored: number | null) => {
      const trainer = trainerOf(params);
      restoreCheckpoint(trainer, file);
      for (const pool of Object.values(trainer.running.state.buffers ?? {})) {
        if (stored !== null) tf.tidy(() => pool.assign(tf.fill(pool.shape, stored)));
      }
      await step(trainer, 2);
      const { networks } = trainer.running.state;
      const weightsOf = (...roles: string[]) =>
        readAll(roles.flatMap((role) => networks[role]!.parameters.map(({ variable }) => variable)));
      return {
        generators: await weightsOf('toTarget', 'toSource'),
        discriminators: await weightsOf('targetDiscriminator', 'sourceDiscriminator'),
      };
    };
    const [asItWas, white] = [await stepped(null), await stepped(1)];
    expect(white.discriminators).not.toEqual(asItWas.discriminators);
    expect(white.generators).toEqual(asItWas.generators);
  });

  it.each([
    { moving: 'generators', rates: [1e-3, 0] },
    { moving: 'discriminators', rates: [0, 1e-3] },
  ] as const)('moves the $moving alone at the rate of theirs, and downhill', async ({ moving, rates }) => {
    const context = { params: { ...defaultsOf(CYCLEGAN_PARAMS), crop: 8 }, seed: 3, size: TINY };
    const state = buildCycleGan(context as unknown as Parameters<typeof buildCycleGan>[0]);
    const { toTarget, toSource, targetDiscriminator, sourceDiscriminator } = state.networks;
    const variables = [toTarget, toSource, targetDiscriminator, sourceDiscriminator].map(({ parameters }) =>
      parameters.map(({ variable }) => variable),
    );
    const picture = (shade: number): tf.Tensor4D =>
      tf.tidy(() => tf.add(shade, hashNoise(tf.tensor1d([1]), [8, 8, 3], 0.2)));
    const real = { source: picture(-0.3), target: picture(0.4) };
    const update = () =>
      tf.tidy(() =>
        updateCycleGan(state, real, {
          ...adamScalars(rates[0]),
          lr_discriminator: tf.scalar(rates[1]),
          lambdaCycle: tf.scalar(1),
          generatorKeys: tf.tensor1d([1, 2, 3, 4, 5, 6]),
        }),
      );
    const before = await Promise.all(variables.map((group) => readAll(group)));
    const first = update();
    const after = await Promise.all(variables.map((group) => readAll(group)));
    const [of, loss] = moving === 'generators' ? [0, generatorObjective] : [2, discriminatorObjective];
    for (const network of [0, 1, 2, 3]) {
      const isMoved = network === of || network === of + 1;
      if (isMoved) expect(after[network]).not.toEqual(before[network]);
      else expect(after[network]).toEqual(before[network]);
    }
    const second = update();
    expect(loss(await readScalars(second))).toBeLessThan(loss(await readScalars(first)));
    tf.dispose([real, first, second]);
    for (const part of [...Object.values(state.networks), ...Object.values(state.optimisers)]) part.dispose();
  });

  it('refuses images, or crops of them, that its discriminators cannot judge', () => {
    expect(() => trainerOf({ translationSize: 'paper' })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});
