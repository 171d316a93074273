// One step of adversarial adaptation in output space (AdaptSegNet, Tsai et al. 2018) with the temperature and confidence mask
// of the UDAS paper: segmentation loss on labelled images, adversarial and confidence loss on the target, then the
// discriminators. Which images are labelled is the method's affair (adversarial, cutmix).
import { DOMAIN_LABELS, ganLoss } from '../../../losses/adversarial/adversarial.ts';
import type { Network } from '../../../networks/core/network.ts';
import { confidentLabels } from '../../../ops/confidentLabels/confidentLabels.ts';
import { withoutGradient } from '../../../ops/core/withoutGradient.ts';
import type { LabelledImages } from '../../../ops/mix/labelledImages.ts';
import { probabilityMap } from '../../../ops/probabilityMap/probabilityMap.ts';
import { softmaxCrossEntropy } from '../../../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import { type Gradients, gradientsOf, type Objective } from '../../../optim/gradients.ts';
import * as tf from '../../../tf.ts';
import { forwardTogether } from '../../core/forwardTogether.ts';
import {
  DISCRIMINATOR_RATE,
  KEPT_SHARE,
  LEARNING_RATE,
  loss,
  SEGMENTATION_LOSS,
  type StepMetrics,
  share,
} from '../../core/metrics.ts';
import type { PlanTensors } from '../../core/plan.ts';
import { type DiscriminatorHealth, discriminatorGradients, poolOf } from './discriminator.ts';
import type { AdversarialPlan, AdversarialState } from './settings.ts';

type Planned = PlanTensors<AdversarialPlan>;

/** What a step learns from. */
export interface AdversarialImages {
  readonly source: LabelledImages;
  readonly target: tf.Tensor4D;
  /** Labelled images of neither domain, which no discriminator sees, and what their loss weighs. */
  readonly mixed?: LabelledImages & { readonly weight: tf.Scalar };
}

/** Every loss is reported before its weight, and of two levels that of the main one. */
export const ADVERSARIAL_METRICS = {
  step: [
    SEGMENTATION_LOSS,
    loss('loss_adv', 'Adversarial loss'),
    loss('loss_conf', 'Confidence loss'),
    KEPT_SHARE,
    loss('loss_d', 'Discriminator loss'),
    share('d_accuracy_source', 'Discriminator right, source'),
    share('d_accuracy_target', 'Discriminator right, target'),
  ],
  plan: [LEARNING_RATE, DISCRIMINATOR_RATE],
} as const satisfies StepMetrics;
export const CUTMIX_LOSS = loss('loss_cutmix', 'CutMix loss');

type Scalars<Names extends string> = Readonly<Record<Names, tf.Scalar>>;
export type AdversarialLosses = Scalars<(typeof ADVERSARIAL_METRICS.step)[number]['name'] | typeof CUTMIX_LOSS.name> &
  Partial<Scalars<'loss_seg_aux' | 'loss_adv_aux'>>;

/** The losses that a method declares. */
export function reported<Name extends keyof AdversarialLosses>(
  losses: AdversarialLosses,
  metrics: readonly { readonly name: Name }[],
): Pick<AdversarialLosses, Name> {
  return Object.fromEntries(metrics.map(({ name }) => [name, losses[name]])) as Pick<AdversarialLosses, Name>;
}

/** What the discriminator of a level sees. */
export interface DomainMaps {
  readonly source: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}

/** All gradients of a step, at the parameters before it. */
export interface AdversarialGradients {
  readonly losses: AdversarialLosses;
  /** Of the parameters of the optimiser `segmenter`, then of `classifier`. */
  readonly segmenter: readonly tf.Tensor[];
  /** None without an adversary, else one for each level: what it saw, and its own gradients. */
  readonly levels: readonly { readonly maps: DomainMaps; readonly discriminator: Gradients<DiscriminatorHealth> }[];
}

/** One update of everything. Returns the losses before it. */
export function stepAdversarial(
  state: AdversarialState,
  images: AdversarialImages,
  planned: Planned,
): AdversarialLosses {
  const gradients = adversarialGradients(state, images, planned);
  applyAdversarial(state, gradients, planned);
  return gradients.losses;
}

/** L = L_seg + lambdaAdv * L_adv + lambdaConf * L_conf (+ weight * L_mixed), and L_D of every level. Call inside `tf.tidy`. */
export function adversarialGradients(
  state: AdversarialState,
  images: AdversarialImages,
  planned: Planned,
): AdversarialGradients {
  const { segmenter, classifier } = state.optimisers;
  const parameters = [...segmenter.parameters, ...(classifier?.parameters ?? [])];
  const { terms, gradients } = gradientsOf(parameters, () => objectiveOf(state, images, planned));
  const { source, target, sourceAux, targetAux, ...losses } = terms;
  const { discriminator, discriminatorAux } = state.networks;
  const levels = [
    [discriminator, source, target],
    [discriminatorAux, sourceAux, targetAux],
  ] as const;
  const trained = levels.flatMap(([discriminator, source, target]) => {
    if (discriminator === undefined || source === undefined || target === undefined) return [];
    const maps = { source, target };
    return [{ maps, discriminator: discriminatorGradients(discriminator, state.ganLoss, maps) }];
  });
  const health = trained[0]?.discriminator.terms ?? {
    loss_d: zero(),
    d_accuracy_source: zero(),
    d_accuracy_target: zero(),
  };
  return { losses: { ...losses, ...health }, segmenter: gradients, levels: trained };
}

/** Updates the segmenter and its discriminators in place. */
export function applyAdversarial(
  { optimisers }: AdversarialState,
  { segmenter, levels }: Pick<AdversarialGradients, 'segmenter' | 'levels'>,
  planned: Planned,
): void {
  const backbone = optimisers.segmenter.parameters.length;
  optimisers.segmenter.apply(segmenter.slice(0, backbone), planned);
  optimisers.classifier?.apply(segmenter.slice(backbone), { ...planned, lr: planned.lr_classifier ?? planned.lr });
  const rates = {
    lr: planned.lr_discriminator,
    correction1: planned.discriminatorCorrection1,
    correction2: planned.discriminatorCorrection2,
  };
  const discriminatorOptimisers = [optimisers.discriminator, optimisers.discriminatorAux];
  levels.forEach(({ discriminator }, level) => {
    discriminatorOptimisers[level]?.apply(discriminator.gradients, rates);
  });
}

type Terms = Omit<AdversarialLosses, keyof DiscriminatorHealth> & {
  readonly source?: tf.Tensor4D;
  readonly target?: tf.Tensor4D;
  readonly sourceAux?: tf.Tensor4D;
  readonly targetAux?: tf.Tensor4D;
};

function objectiveOf(
  state: AdversarialState,
  { source, target, mixed }: AdversarialImages,
  planned: Planned,
): Objective<Terms> {
  const { segmenter, discriminator, discriminatorAux } = state.networks;
  const parts = [source.images, target, ...(mixed === undefined ? [] : [mixed.images])] as const;
  const [atSource, atTarget, atMixed] = forwardTogether(segmenter, parts);
  const loss_seg = labelledLoss(state, atSource.main, source.labels, planned);
  const { loss_conf, kept_share } = confidenceLoss(atTarget.main, planned);
  const main = planned.lambdaAdv && adversarialLoss(state, discriminator, atSource.main, atTarget.main, planned);
  const mixedLoss = mixed && atMixed && labelledLoss(state, atMixed.main, mixed.labels, planned, true);
  const sum = [weighted(planned.lambdaAdv, main?.loss), weighted(planned.lambdaConf, loss_conf)];
  sum.push(weighted(mixed?.weight, mixedLoss));
  // The second level, where the network has one.
  const aux =
    planned.lambdaAdv && discriminatorAux && atSource.aux && atTarget.aux
      ? adversarialLoss(state, discriminatorAux, atSource.aux, atTarget.aux, planned)
      : undefined;
  const loss_seg_aux = atSource.aux && labelledLoss(state, atSource.aux, source.labels, planned);
  sum.push(weighted(planned.lambdaAdvAux, aux?.loss), weighted(planned.lambdaSegAux, loss_seg_aux));
  const total = sum.reduce<tf.Scalar>((all, term) => (term === undefined ? all : tf.add(all, term)), loss_seg);
  return {
    total,
    terms: {
      ...{ loss_seg, loss_conf, kept_share },
      loss_adv: main?.loss ?? zero(),
      loss_cutmix: mixedLoss ?? zero(),
      ...(main === undefined ? {} : { source: main.source, target: main.target }),
      ...(aux === undefined ? {} : { sourceAux: aux.source, targetAux: aux.target, loss_adv_aux: aux.loss }),
      ...(loss_seg_aux === undefined ? {} : { loss_seg_aux }),
    },
  };
}

const zero = (): tf.Scalar => tf.scalar(0);
const weighted = (weight: tf.Scalar | undefined, term: tf.Scalar | undefined): tf.Scalar | undefined =>
  weight && term && tf.mul(term, weight);

/**
 * Class-weighted cross-entropy, averaged as in PyTorch. Where the mask is read as being about labelled images, at the
 * temperature, and, if `masked`, over the pixels only in which the network is confident.
 */
function labelledLoss(
  { classWeights, maskReading }: AdversarialState,
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { temperature, threshold }: Planned,
  masked = false,
): tf.Scalar {
  const options = { classWeights, divideBy: 'weights' } as const;
  if (maskReading === 'target') return softmaxCrossEntropy(logits, labels, options);
  const scaled = tf.div<tf.Tensor4D>(logits, temperature);
  if (!masked) return softmaxCrossEntropy(scaled, labels, options);
  return softmaxCrossEntropy(scaled, labels, {
    ...options,
    keep: confidentLabels(logits, { temperature, threshold }).kept,
  });
}

/**
 * L_adv = loss(D(softmax(z_t / T)), source): the target's predictions are to pass for the source's. The maps of both domains
 * are for the discriminator's own update.
 */
function adversarialLoss(
  { ganLoss: kind, discriminatorKind, maskReading }: AdversarialState,
  discriminator: Network,
  sourceLogits: tf.Tensor4D,
  targetLogits: tf.Tensor4D,
  planned: Planned,
): DomainMaps & { readonly loss: tf.Scalar } {
  const temperature = maskReading === 'target' ? planned.temperature : tf.scalar(1);
  const mapOf = (logits: tf.Tensor4D): tf.Tensor4D =>
    probabilityMap(logits, { temperature, pool: poolOf(discriminatorKind, logits.shape) });
  const source = withoutGradient(() => mapOf(sourceLogits));
  const target = mapOf(targetLogits);
  return { source, target, loss: ganLoss(kind, discriminator.forward(target, 'train'), DOMAIN_LABELS.source) };
}

/**
 * The paper's temperature and confidence mask: cross-entropy of the target's logits against their own hard decisions where
 * max softmax(z / T) reaches the threshold, summed over those pixels and divided by all. Without class weights, which make it
 * collapse (docs/built-in-pair.md).
 */
export function confidenceLoss(
  logits: tf.Tensor4D,
  { lambdaConf, temperature, threshold }: Pick<Planned, 'lambdaConf' | 'temperature' | 'threshold'>,
): Scalars<'loss_conf' | 'kept_share'> {
  if (lambdaConf === undefined) return { loss_conf: zero(), kept_share: zero() };
  const { labels, kept } = confidentLabels(logits, { temperature, threshold });
  return { loss_conf: softmaxCrossEntropy(logits, labels, { divideBy: 'pixels' }), kept_share: tf.mean(kept) };
}
