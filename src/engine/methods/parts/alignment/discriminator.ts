// The discriminator of the adversarial methods: which there are, what they see, and how they are updated.
import type { Size } from '../../../../domain/dataset.ts';
import { StudioError } from '../../../../domain/errors.ts';
import { discriminatorLoss } from '../../../losses/adversarial/adversarial.ts';
import type { GanLoss } from '../../../losses/adversarial/domainScores.ts';
import type { Network } from '../../../networks/core/network.ts';
import { buildFullDiscriminator, FULL_DISCRIMINATOR_SIDE } from '../../../networks/discriminators/fullDiscriminator.ts';
import {
  buildSmallDiscriminator,
  SMALL_DISCRIMINATOR_SIDE,
} from '../../../networks/discriminators/smallDiscriminator.ts';
import { joinBatches } from '../../../ops/batches/joinBatches.ts';
import { type Gradients, gradientsOf } from '../../../optim/gradients.ts';
import * as tf from '../../../tf.ts';

/** `small`: the recipe's, on maps pooled to a quarter. `full`: AdaptSegNet's, on maps as large as the images. */
export type DiscriminatorKind = 'small' | 'full';
export const DISCRIMINATOR_KINDS = ['small', 'full'] as const satisfies readonly DiscriminatorKind[];

const FULL_WIDTH = 64;
const SMALL_POOL = 4;

/**
 * For maps of `classes` channels. Its random start is keyed by parameter names of its own: it draws nothing from the segmenter's
 * streams.
 */
export function buildDiscriminator(kind: DiscriminatorKind, classes: number, seed: number, level: number): Network {
  // Discriminators of two levels start differently.
  const options = { seed: seed + level };
  return kind === 'small'
    ? buildSmallDiscriminator(options, { from: classes })
    : buildFullDiscriminator(options, { from: classes, width: FULL_WIDTH });
}

/** Throws `config.invalid` for images on which the discriminator has nothing left to say. */
export function checkDiscriminator(kind: DiscriminatorKind, { width, height }: Size): void {
  const least = kind === 'full' ? FULL_DISCRIMINATOR_SIDE : SMALL_DISCRIMINATOR_SIDE;
  if (Math.min(width, height) >= least) return;
  throw new StudioError(
    'config.invalid',
    `The discriminator "${kind}" needs sides of at least ${least} pixels; the images have ${width} x ${height}.`,
    'Choose larger images or another discriminator.',
    { discriminator: kind, width, height, least },
  );
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
    const { scores, sources } = scoresOf(discriminator, maps.source, maps.target);
    const { loss, accuracySource, accuracyTarget } = discriminatorLoss(kind, scores, sources);
    const terms = { loss_d: loss, d_accuracy_source: accuracySource, d_accuracy_target: accuracyTarget };
    return { total: loss, terms };
  });
}

/** All scores, the source's first; in one pass where the maps are of one size. */
function scoresOf(
  discriminator: Network,
  source: tf.Tensor4D,
  target: tf.Tensor4D,
): { scores: tf.Tensor; sources: number } {
  const [batch, ...size] = source.shape;
  if (size.every((side, axis) => side === target.shape[axis + 1])) {
    const scores = discriminator.forward(joinBatches([source, target]), 'train');
    return { scores, sources: (batch * scores.size) / scores.shape[0] };
  }
  const [first, second] = [discriminator.forward(source, 'train'), discriminator.forward(target, 'train')];
  const flat = (scores: tf.Tensor): tf.Tensor1D => tf.reshape(scores, [scores.size]);
  return { scores: tf.concat1d([flat(first), flat(second)]), sources: first.size };
}
