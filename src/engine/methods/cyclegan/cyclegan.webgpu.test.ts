// What a step of CycleGAN does and leaves alone, and that it learns. Its arithmetic is held against PyTorch by the golden cases,
// its life as a method by the contract.
import { afterEach, describe, expect, it } from 'vitest';
import type { HostBatch } from '../../../domain/dataset.ts';
import { defaultsOf, type ParamValues } from '../../../domain/params.ts';
import { readAll, readScalars } from '../../backend/readback.ts';
import { hashNoise } from '../../ops/hashNoise/hashNoise.ts';
import { adamPlan } from '../../optim/optimiser.ts';
import * as tf from '../../tf.ts';
import { packCheckpoint, restoreCheckpoint } from '../../training/checkpoint.ts';
import { runStep } from '../../training/runStep.ts';
import { closeAll, trainerOf as methodTrainer } from '../../training/testing/methodRuns.ts';
import { TINY, twoColours } from '../../training/testing/twoColours.ts';
import { readMetrics, type Trainer } from '../../training/trainer.ts';
import { translatePictures } from '../../training/translate.ts';
import { buildCycleGan, CYCLEGAN_ADAM, CYCLEGAN_PARAMS } from './settings.ts';
import { updateCycleGan } from './step.ts';

const trainerOf = (params: ParamValues): Trainer => methodTrainer('cyclegan', params);
afterEach(closeAll);

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

  it('learns the other colours: what it makes of the source comes nearer to the target', async () => {
    const params = { learningRate: 1e-2, discriminatorRate: 2e-3, lambdaCycle: 0.5, batchSize: 2 };
    const trainer = trainerOf(params);
    const { product } = trainer;
    if (product.kind !== 'translator') throw new Error('CycleGAN makes a translator.');
    const source = twoColours(5, 0, 4);
    const redness = (bytes: Uint8Array): number =>
      bytes.reduce((sum, value, i) => sum + value * ([1, -0.5, -0.5][i % 3] ?? 0), 0) / (bytes.length / 3);
    const made = async (): Promise<number> => redness(await translatePictures(product.translate, source, [0, 1, 2, 3]));
    const before = await made();
    while (trainer.step < 40) {
      const target = redder(twoColours(2, trainer.step, 2));
      await runStep(trainer, { source: twoColours(1, trainer.step, 2), target });
    }
    await readMetrics(trainer);
    expect(Math.abs(before)).toBeLessThan(5);
    // Of the 50 that lie between the domains.
    expect(await made()).toBeGreaterThan(before + 15);
  });
});
