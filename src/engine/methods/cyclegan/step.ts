// One step of CycleGAN (Zhu et al. 2017): both generators against both discriminators and the two cycles, then both
// discriminators, on what the generators made before they were updated.
import { discriminatorLoss, ganLoss } from '../../losses/adversarial/adversarial.ts';
import type { GanLoss } from '../../losses/adversarial/domainScores.ts';
import { l1 } from '../../losses/l1/l1.ts';
import type { Network } from '../../networks/core/network.ts';
import { type Generator, generate } from '../../networks/translation/generator.ts';
import { joinBatches } from '../../ops/batches/joinBatches.ts';
import { exchangeWithPool } from '../../ops/exchangeWithPool/exchangeWithPool.ts';
import { addNoise } from '../../ops/hashNoise/hashNoise.ts';
import { type Gradients, gradientsOf } from '../../optim/gradients.ts';
import * as tf from '../../tf.ts';
import type { PlanTensors } from '../core/plan.ts';
import type { CycleGanLearners, CycleGanNetworks, CycleGanUpdate } from './settings.ts';

/** Real pictures of either domain, in [-1, 1], all of one size. */
export interface Pictures {
  readonly source: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}
type Planned = PlanTensors<CycleGanUpdate>;

type GeneratorLosses = Readonly<
  Record<`loss_gan_${keyof Pictures}` | `loss_cycle_${keyof Pictures}` | `loss_identity_${keyof Pictures}`, tf.Scalar>
>;
type DiscriminatorLosses = Readonly<Record<`loss_d_${keyof Pictures}`, tf.Scalar>>;

const REAL = 1;

/** One Adam update of the generators and one of the discriminators. Call inside `tf.tidy`. */
export function updateCycleGan(
  state: CycleGanLearners,
  real: Pictures,
  planned: Planned,
): GeneratorLosses & DiscriminatorLosses {
  const { networks, optimisers } = state;
  const generated = generatorGradients(networks, state.ganLoss, real, planned);
  const { fakeTarget, fakeSource, ...losses } = generated.terms;
  const shown = throughPools(state, { target: fakeTarget, source: fakeSource }, planned);
  const discriminated = discriminatorGradients(networks, state.ganLoss, real, shown, planned);
  const { lr, lr_discriminator, correction1, correction2 } = planned;
  const { toTarget, toSource, targetDiscriminator, sourceDiscriminator } = optimisers;
  applyBoth([toTarget, toSource], generated.gradients, { lr, correction1, correction2 });
  applyBoth([targetDiscriminator, sourceDiscriminator], discriminated.gradients, {
    lr: lr_discriminator,
    correction1,
    correction2,
  });
  return { ...losses, ...discriminated.terms };
}

/**
 * L_G = GAN(D_Y(G(x)), real) + GAN(D_X(F(y)), real) + lambdaCycle (|F(G(x)) - x| + |G(F(y)) - y|)
 *     + lambdaIdentity (|G(y) - y| + |F(x) - x|), with respect to G's parameters, then F's.
 */
export function generatorGradients(
  { toTarget, toSource, targetDiscriminator, sourceDiscriminator }: CycleGanNetworks,
  kind: GanLoss,
  { source, target }: Pictures,
  planned: Planned,
): Gradients<GeneratorLosses & { readonly fakeTarget: tf.Tensor4D; readonly fakeSource: tf.Tensor4D }> {
  const { lambdaCycle, lambdaIdentity } = planned;
  const keys = sixths(planned.generatorKeys);
  const noiseKeys = planned.noiseKeys && sixths(planned.noiseKeys);
  return gradientsOf([...toTarget.parameters, ...toSource.parameters], () => {
    const fakeTarget = generate(toTarget, source, keys[0]);
    const fakeSource = generate(toSource, target, keys[1]);
    const loss_cycle_source = l1(generate(toSource, fakeTarget, keys[2]), source);
    const loss_cycle_target = l1(generate(toTarget, fakeSource, keys[3]), target);
    const passesFor = (discriminator: Network, fake: tf.Tensor4D, noise: tf.Tensor1D | undefined): tf.Scalar =>
      ganLoss(kind, discriminator.forward(noisy(fake, noise, planned), 'train'), REAL);
    const loss_gan_target = passesFor(targetDiscriminator, fakeTarget, noiseKeys?.[0]);
    const loss_gan_source = passesFor(sourceDiscriminator, fakeSource, noiseKeys?.[1]);
    const identity = (generator: Generator, image: tf.Tensor4D, key: tf.Tensor1D): tf.Scalar =>
      lambdaIdentity === undefined ? tf.scalar(0) : l1(generate(generator, image, key), image);
    const loss_identity_target = identity(toTarget, target, keys[4]);
    const loss_identity_source = identity(toSource, source, keys[5]);
    const cycles: tf.Scalar = tf.mul(tf.add(loss_cycle_source, loss_cycle_target), lambdaCycle);
    const withCycles: tf.Scalar = tf.add(tf.add(loss_gan_target, loss_gan_source), cycles);
    const identities = tf.add(loss_identity_target, loss_identity_source);
    return {
      total: lambdaIdentity === undefined ? withCycles : tf.add(withCycles, tf.mul(identities, lambdaIdentity)),
      terms: {
        loss_gan_target,
        loss_gan_source,
        loss_cycle_source,
        loss_cycle_target,
        loss_identity_target,
        loss_identity_source,
        fakeTarget,
        fakeSource,
      },
    };
  });
}

/** L_D = (GAN(D(real), real) + GAN(D(fake), fake)) / 2 of either domain, with respect to D_Y's parameters, then D_X's. */
export function discriminatorGradients(
  { targetDiscriminator, sourceDiscriminator }: CycleGanNetworks,
  kind: GanLoss,
  real: Pictures,
  fake: Pictures,
  planned: Planned,
): Gradients<DiscriminatorLosses> {
  const keys = planned.noiseKeys && sixths(planned.noiseKeys);
  const lossOf = (discriminator: Network, domain: keyof Pictures, noise: tf.Tensor1D | undefined): tf.Scalar => {
    // Fakes first: they are to be 0, the others 1.
    const pictures = noisy(joinBatches([fake[domain], real[domain]]), noise, planned);
    const scores = discriminator.forward(pictures, 'train');
    return discriminatorLoss(kind, scores, scores.size / 2).loss;
  };
  return gradientsOf([...targetDiscriminator.parameters, ...sourceDiscriminator.parameters], () => {
    const loss_d_target = lossOf(targetDiscriminator, 'target', keys && tf.concat([keys[2], keys[3]]));
    const loss_d_source = lossOf(sourceDiscriminator, 'source', keys && tf.concat([keys[4], keys[5]]));
    return { total: tf.add(loss_d_target, loss_d_source), terms: { loss_d_target, loss_d_source } };
  });
}

/** Instance noise (Sonderby et al. 2017) on what a discriminator sees: without it, it wins before the generators have begun. */
function noisy(images: tf.Tensor4D, keys: tf.Tensor1D | undefined, { noise }: Planned): tf.Tensor4D {
  return keys === undefined || noise === undefined ? images : addNoise(images, keys, noise);
}

function throughPools(
  { buffers }: Pick<CycleGanLearners, 'buffers'>,
  fresh: Pictures,
  { targetExchange, sourceExchange }: Planned,
): Pictures {
  const { targetPool, sourcePool } = buffers;
  if (!targetPool || !sourcePool || !targetExchange || !sourceExchange) return fresh;
  return {
    target: exchangeWithPool(targetPool, fresh.target, targetExchange),
    source: exchangeWithPool(sourcePool, fresh.source, sourceExchange),
  };
}

function applyBoth<Rates>(
  [first, second]: readonly {
    readonly parameters: readonly unknown[];
    apply(gradients: readonly tf.Tensor[], rates: Rates): void;
  }[],
  gradients: readonly tf.Tensor[],
  rates: Rates,
): void {
  const border = first?.parameters.length ?? 0;
  first?.apply(gradients.slice(0, border), rates);
  second?.apply(gradients.slice(border), rates);
}

type Sixths = readonly [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
const sixths = (keys: tf.Tensor): Sixths => tf.split(keys, 6) as unknown as Sixths;
