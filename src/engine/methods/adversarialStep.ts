// One step of adversarial adaptation in output space (AdaptSegNet, Tsai et al. 2018) with the temperature and confidence mask
// of the UDAS paper: segmentation loss on the source, adversarial and confidence loss on the target, then the discriminator.
import { invariant } from '../../domain/errors.ts';
import { DOMAIN_LABELS, ganLoss } from '../losses/adversarial.ts';
import type { Network } from '../networks/network.ts';
import { confidentLabels } from '../ops/confidentLabels/confidentLabels.ts';
import { probabilityMap } from '../ops/probabilityMap/probabilityMap.ts';
import { softmaxCrossEntropy } from '../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import { withoutGradient } from '../ops/withoutGradient.ts';
import { gradientsOf } from '../optim/gradients.ts';
import * as tf from '../tf.ts';
import type { AdversarialPlan, AdversarialState } from './adversarialSettings.ts';
import { discriminatorGradients, poolOf } from './discriminator.ts';
import type { PlanTensors } from './plan.ts';

/** What a step learns from. */
export interface AdversarialImages {
  readonly source: { readonly images: tf.Tensor4D; readonly labels: tf.Tensor3D };
  readonly target: tf.Tensor4D;
}

export const ADVERSARIAL_LOSSES = [
  'loss_seg',
  'loss_adv',
  'loss_conf',
  'kept_share',
  'loss_d',
  'd_accuracy_source',
  'd_accuracy_target',
] as const;
export type AdversarialLosses = Readonly<Record<(typeof ADVERSARIAL_LOSSES)[number], tf.Scalar>>;

/** L = L_seg + lambdaAdv * L_adv + lambdaConf * L_conf; all gradients are those of the parameters before the update. */
export function stepAdversarial(
  state: AdversarialState,
  { source, target }: AdversarialImages,
  planned: PlanTensors<AdversarialPlan>,
): AdversarialLosses {
  const { networks, optimisers, classWeights } = state;
  const { segmenter, discriminator } = networks;
  const { terms, gradients } = gradientsOf(optimisers.segmenter.parameters, () => {
    const [sourceLogits, targetLogits] = forwardTogether(segmenter, source.images, target);
    const loss_seg = softmaxCrossEntropy(sourceLogits, source.labels, { classWeights, divideBy: 'weights' });
    const { loss_conf, kept_share } = confidenceLoss(targetLogits, planned);
    const { loss_adv, ...maps } = adversarialLoss(state, sourceLogits, targetLogits, planned);
    const total = weightedSum([
      [loss_seg, undefined],
      [loss_adv, planned.lambdaAdv],
      [loss_conf, planned.lambdaConf],
    ]);
    return { total, terms: { loss_seg, loss_adv, loss_conf, kept_share, ...maps } };
  });
  const { sourceMap, targetMap, ...losses } = terms;
  const judged =
    sourceMap === undefined || targetMap === undefined
      ? null
      : discriminatorGradients(discriminator, state.ganLoss, { source: sourceMap, target: targetMap });
  optimisers.segmenter.apply(gradients, planned);
  if (judged === null) return { ...losses, loss_d: zero(), d_accuracy_source: zero(), d_accuracy_target: zero() };
  optimisers.discriminator.apply(judged.gradients, {
    lr: planned.lr_discriminator,
    correction1: planned.discriminatorCorrection1,
    correction2: planned.discriminatorCorrection2,
  });
  return { ...losses, ...judged.terms };
}

/**
 * Logits of both, from one pass of the joined batch where that is the same: where sizes agree and no statistics of the batch
 * are taken, which would mix the domains. Fewer, larger dispatches.
 */
function forwardTogether(network: Network, first: tf.Tensor4D, second: tf.Tensor4D): [tf.Tensor4D, tf.Tensor4D] {
  const [a, height, width] = first.shape;
  const [b, otherHeight, otherWidth] = second.shape;
  const hasStatistics = network.parameters.some(({ trainable }) => !trainable);
  if (hasStatistics || height !== otherHeight || width !== otherWidth) {
    return [network.forward(first, 'train'), network.forward(second, 'train')];
  }
  const [one, two] = tf.split(network.forward(tf.concat([first, second], 0), 'train'), [a, b], 0);
  invariant(one && two, () => 'A batch of two parts has two parts.');
  return [one as tf.Tensor4D, two as tf.Tensor4D];
}

/**
 * L_adv = loss(D(softmax(z_t / T)), source): the target's predictions are to pass for the source's. The maps of both domains
 * are for the discriminator's own update.
 */
function adversarialLoss(
  { networks, ganLoss: kind, discriminatorKind }: AdversarialState,
  sourceLogits: tf.Tensor4D,
  targetLogits: tf.Tensor4D,
  { lambdaAdv, temperature }: PlanTensors<AdversarialPlan>,
): { loss_adv: tf.Scalar; sourceMap?: tf.Tensor4D; targetMap?: tf.Tensor4D } {
  if (lambdaAdv === undefined) return { loss_adv: zero() };
  const mapOf = (logits: tf.Tensor4D): tf.Tensor4D =>
    probabilityMap(logits, { temperature, pool: poolOf(discriminatorKind, logits.shape) });
  const sourceMap = withoutGradient(() => mapOf(sourceLogits));
  const targetMap = mapOf(targetLogits);
  const loss_adv = ganLoss(kind, networks.discriminator.forward(targetMap, 'train'), DOMAIN_LABELS.source);
  return { loss_adv, sourceMap, targetMap };
}

/**
 * The paper's temperature and confidence mask: cross-entropy of the target's logits against their own hard decisions where
 * max softmax(z / T) reaches the threshold, summed over those pixels and divided by all. Without class weights, which make it
 * collapse (docs/built-in-pair.md).
 */
export function confidenceLoss(
  logits: tf.Tensor4D,
  {
    lambdaConf,
    temperature,
    threshold,
  }: Pick<PlanTensors<AdversarialPlan>, 'lambdaConf' | 'temperature' | 'threshold'>,
): { loss_conf: tf.Scalar; kept_share: tf.Scalar } {
  if (lambdaConf === undefined || threshold === undefined) return { loss_conf: zero(), kept_share: zero() };
  const { labels, kept } = confidentLabels(logits, { temperature, threshold });
  return { loss_conf: softmaxCrossEntropy(logits, labels, { divideBy: 'pixels' }), kept_share: tf.mean(kept) };
}

const zero = (): tf.Scalar => tf.scalar(0);

/** Terms without a weight count once; those whose weight is not planned are left out. */
function weightedSum(terms: readonly (readonly [tf.Scalar, tf.Scalar | undefined])[]): tf.Scalar {
  const [[first], ...rest] = terms as [(typeof terms)[number], ...typeof terms];
  return rest.reduce<tf.Scalar>(
    (sum, [term, weight]) => (weight === undefined ? sum : tf.add(sum, tf.mul(term, weight))),
    first,
  );
}
