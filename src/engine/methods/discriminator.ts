// The discriminator of the adversarial methods: which there are, what they see, and how they are updated.
import { CLASS_COUNT } from '../../domain/classes.ts';
import { DOMAIN_LABELS, type GanLoss, ganAccuracy, ganLoss } from '../losses/adversarial.ts';
import { buildFullDiscriminator } from '../networks/discriminators/fullDiscriminator.ts';
import { buildSmallDiscriminator, SMALL_DISCRIMINATOR_SIDE } from '../networks/discriminators/smallDiscriminator.ts';
import type { Network } from '../networks/network.ts';
import { type Gradients, gradientsOf } from '../optim/gradients.ts';
import * as tf from '../tf.ts';

/** `small`: the recipe's, on maps pooled to a quarter. `full`: AdaptSegNet's, on maps as large as the images. */
export type DiscriminatorKind = 'small' | 'full';
export const DISCRIMINATOR_KINDS = ['small', 'full'] as const satisfies readonly DiscriminatorKind[];

const FULL_WIDTH = 64;
const SMALL_POOL = 4;

/** Its random start is keyed by parameter names of its own: it draws nothing from the segmenter's streams. */
export function buildDiscriminator(kind: DiscriminatorKind, seed: number, level: number): Network {
  // Discriminators of two levels start differently.
  const options = { seed: seed + level };
  return kind === 'small'
    ? buildSmallDiscriminator(options, { from: CLASS_COUNT })
    : buildFullDiscriminator(options, { from: CLASS_COUNT, width: FULL_WIDTH });
}

/** Pixels a side that the discriminator's maps are pooled by, for images of this size: less where too little would be left. */
export function poolOf(kind: DiscriminatorKind, [, height, width]: readonly number[]): number {
  if (kind === 'full') return 1;
  let pool = SMALL_POOL;
  while (pool > 1 && Math.min(height ?? 0, width ?? 0) / pool < SMALL_DISCRIMINATOR_SIDE) pool /= 2;
  return pool;
}

/** What is reported of a discriminator: its loss, and the share of its answers that are right in either domain. */
export type DiscriminatorHealth = Readonly<Record<'loss_d' | 'd_accuracy_source' | 'd_accuracy_target', tf.Scalar>>;

/**
 * Gradients of L_D = (loss(D(p_s), source) + loss(D(p_t), target)) / 2 on maps that are constants: nothing reaches the
 * segmenter. Call inside `tf.tidy`.
 */
export function discriminatorGradients(
  discriminator: Network,
  kind: GanLoss,
  maps: { readonly source: tf.Tensor4D; readonly target: tf.Tensor4D },
): Gradients<DiscriminatorHealth> {
  return gradientsOf(discriminator.parameters, () => {
    const source = discriminator.forward(maps.source, 'train');
    const target = discriminator.forward(maps.target, 'train');
    const total: tf.Scalar = tf.mul(
      tf.add(ganLoss(kind, source, DOMAIN_LABELS.source), ganLoss(kind, target, DOMAIN_LABELS.target)),
      0.5,
    );
    const terms = {
      loss_d: total,
      d_accuracy_source: ganAccuracy(kind, source, DOMAIN_LABELS.source),
      d_accuracy_target: ganAccuracy(kind, target, DOMAIN_LABELS.target),
    };
    return { total, terms };
  });
}
