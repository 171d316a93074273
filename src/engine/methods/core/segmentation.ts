// What the plain segmentation methods share: cross-entropy on one labelled stream, AdamW, poly rate with warm-up.
// Settings are those of the built-in recipe (docs/built-in-pair.md).
import type { ParamSpecs, ValuesOf } from '../../../domain/params.ts';
import { drawColourJitter } from '../../augment/colourJitter.ts';
import type { Network } from '../../networks/core/network.ts';
import { colourJitter } from '../../ops/colourJitter/colourJitter.ts';
import type { LabelledImages } from '../../ops/mix/labelledImages.ts';
import { softmaxCrossEntropy } from '../../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import { gradientsOf } from '../../optim/gradients.ts';
import { ADAM_DEFAULTS, type AdamRates, adamPlan, createAdam, type Optimiser } from '../../optim/optimiser.ts';
import { polyRate } from '../../optim/schedules.ts';
import * as tf from '../../tf.ts';
import type { BuildContext, MethodState, StepContext } from './defineMethod.ts';
import { LEARNING_RATE, SEGMENTATION_LOSS, type StepMetrics } from './metrics.ts';
import type { Plan, PlannedRows, PlanTensors } from './plan.ts';

const WARM_UP_STEPS = 30;
/** Of the auxiliary classifier's cross-entropy, where the network has one; AdaptSegNet's lambda_seg. */
const AUX_WEIGHT = 0.1;

/** The parameters of a plain segmentation method, with its own default for the jitter. */
export function segmentationParams(jitter: number) {
  return {
    learningRate: {
      kind: 'number',
      role: 'learning-rate',
      default: 3e-3,
      min: 1e-5,
      max: 1e-1,
      step: 1e-5,
      scale: 'log',
    },
    batchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true, fixed: true },
    jitter: { kind: 'number', default: jitter, min: 0, max: 2, step: 0.1 },
    weightDecay: { kind: 'number', default: 1e-4, min: 0, max: 0.1, step: 1e-5, fixed: true },
  } as const satisfies ParamSpecs;
}
export type SegmentationValues = ValuesOf<ReturnType<typeof segmentationParams>>;

export const SEGMENTATION_METRICS = {
  step: [SEGMENTATION_LOSS],
  plan: [LEARNING_RATE],
} as const satisfies StepMetrics;

export interface SegmentationState extends MethodState {
  readonly networks: { readonly segmenter: Network };
  readonly optimisers: { readonly segmenter: Optimiser<AdamRates> };
  readonly classWeights: tf.Tensor1D;
}

export interface SegmentationPlan extends Plan {
  readonly lr: number;
  readonly correction1: number;
  readonly correction2: number;
  /** Absent where the network has one classifier. */
  readonly auxWeight?: number;
  /** Colour factors [batch, 6]; absent at strength 0. */
  readonly jitter?: PlannedRows;
}

export function buildSegmentation(context: BuildContext<SegmentationValues>): SegmentationState {
  const segmenter = context.buildNetwork();
  const { weightDecay } = context.params;
  return {
    networks: { segmenter },
    optimisers: { segmenter: createAdam(segmenter.parameters, { ...ADAM_DEFAULTS, weightDecay }) },
    classWeights: context.classWeights,
  };
}

export function planSegmentation(
  { networks }: SegmentationState,
  { step, steps, params, random }: StepContext<SegmentationValues>,
): SegmentationPlan {
  const { learningRate, batchSize, jitter } = params;
  const lr = polyRate({ base: learningRate, steps, warmUp: WARM_UP_STEPS }, step);
  return {
    ...adamPlan(lr, step, ADAM_DEFAULTS),
    ...(networks.segmenter.forwardLevels === undefined ? {} : { auxWeight: AUX_WEIGHT }),
    ...(jitter > 0 ? { jitter: { shape: [batchSize, 6], values: drawColourJitter(random, batchSize, jitter) } } : {}),
  };
}

/**
 * Class-weighted cross-entropy, averaged as in PyTorch (over the weights of the counted pixels), of every classifier that the
 * network has, and one AdamW update.
 */
export function stepSegmentation(
  { networks, optimisers, classWeights }: SegmentationState,
  batch: LabelledImages,
  planned: PlanTensors<SegmentationPlan>,
): Readonly<Record<typeof SEGMENTATION_LOSS.name, tf.Scalar>> {
  const { segmenter } = networks;
  const images = planned.jitter === undefined ? batch.images : colourJitter(batch.images, planned.jitter);
  const { terms, gradients } = gradientsOf(optimisers.segmenter.parameters, () => {
    const loss = (scores: tf.Tensor4D): tf.Scalar =>
      softmaxCrossEntropy(scores, batch.labels, { classWeights, divideBy: 'weights' });
    const levels = segmenter.forwardLevels?.(images, 'train');
    const total =
      levels === undefined || planned.auxWeight === undefined
        ? loss(segmenter.forward(images, 'train'))
        : tf.add<tf.Scalar>(loss(levels.main), tf.mul(loss(levels.aux), planned.auxWeight));
    return { total, terms: { loss_seg: total } };
  });
  optimisers.segmenter.apply(gradients, planned);
  return terms;
}
