// Parameters, state and plan of the adversarial methods: what is decided before a step. The step is step.ts.
// Settings are those of the built-in recipe (docs/built-in-pair.md); those of the paper's DeepLab v2 stand beside them.
import type { Size } from '../../../../domain/dataset.ts';
import type { ParamSpecs, ValuesOf } from '../../../../domain/params.ts';
import type { GanLoss } from '../../../losses/adversarial/domainScores.ts';
import type { Network } from '../../../networks/core/network.ts';
import {
  ADAM_DEFAULTS,
  type AdamRates,
  adamPlan,
  createAdam,
  createSgd,
  type Optimiser,
} from '../../../optim/optimiser.ts';
import { polyRate } from '../../../optim/schedules.ts';
import type * as tf from '../../../tf.ts';
import type { BuildContext, MethodState, StepContext } from '../../core/defineMethod.ts';
import type { Plan } from '../../core/plan.ts';
import {
  buildDiscriminator,
  checkDiscriminator,
  DISCRIMINATOR_KINDS,
  type DiscriminatorKind,
} from './discriminator.ts';

/** Of AdamW; AdaptSegNet's SGD starts at its full rate. */
const WARM_UP_STEPS = 30;
const SGD_MOMENTUM = 0.9;
/** How much faster than the rest DeepLab's classifier learns. */
const CLASSIFIER_FACTOR = 10;
/** AdaptSegNet's. */
export const DISCRIMINATOR_ADAM = { ...ADAM_DEFAULTS, beta2: 0.99 };

/**
 * What the paper's one sentence on temperature and confidence mask is taken to be about: the unlabelled target, as the recipe
 * has it, or the losses on labelled images, as it can be read, too.
 */
export const MASK_READINGS = ['target', 'labels'] as const;
export type MaskReading = (typeof MASK_READINGS)[number];

// AdaptSegNet with DeepLab v2: optimiser sgd, learningRate 2.5e-4, discriminatorRate 1e-4, weightDecay 5e-4, lambdaAdv 0.001,
// temperature 1, lambdaConf 0, discriminator full, one image of each domain.
export const ADVERSARIAL_PARAMS = {
  learningRate: {
    kind: 'number',
    role: 'learning-rate',
    default: 1e-3,
    min: 1e-5,
    max: 1e-1,
    step: 1e-5,
    scale: 'log',
  },
  discriminatorRate: { kind: 'number', default: 5e-4, min: 1e-6, max: 1e-1, step: 1e-6, scale: 'log' },
  batchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true, fixed: true },
  targetBatchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true, fixed: true },
  lambdaAdv: { kind: 'number', default: 0.01, min: 0, max: 1, step: 0.001 },
  lambdaConf: { kind: 'number', default: 0.3, min: 0, max: 2, step: 0.05 },
  temperature: { kind: 'number', default: 0.5, min: 0.1, max: 2, step: 0.05 },
  threshold: { kind: 'number', default: 0.95, min: 0, max: 1, step: 0.01, role: 'threshold' },
  lambdaSegAux: { kind: 'number', default: 0.1, min: 0, max: 1, step: 0.05 },
  lambdaAdvAux: { kind: 'number', default: 0.0002, min: 0, max: 1, step: 0.0001 },
  ganLoss: { kind: 'choice', default: 'bce', options: ['bce', 'lsgan'], fixed: true },
  discriminator: { kind: 'choice', default: 'small', options: DISCRIMINATOR_KINDS, fixed: true },
  maskReading: { kind: 'choice', default: 'target', options: MASK_READINGS, fixed: true },
  optimiser: { kind: 'choice', default: 'adamw', options: ['adamw', 'sgd'], fixed: true },
  weightDecay: { kind: 'number', default: 1e-4, min: 0, max: 0.1, step: 1e-5, fixed: true },
} as const satisfies ParamSpecs;
export type AdversarialValues = ValuesOf<typeof ADVERSARIAL_PARAMS>;

export interface AdversarialState extends MethodState {
  /** A network with two levels gets a discriminator for each. */
  readonly networks: {
    readonly segmenter: Network;
    readonly discriminator: Network;
    readonly discriminatorAux?: Network;
  };
  readonly optimisers: {
    readonly segmenter: Optimiser<AdamRates>;
    /** With SGD, where the network tells its classifier from the rest. */
    readonly classifier?: Optimiser<AdamRates>;
    readonly discriminator: Optimiser<AdamRates>;
    readonly discriminatorAux?: Optimiser<AdamRates>;
  };
  readonly classWeights: tf.Tensor1D;
  readonly ganLoss: GanLoss;
  readonly discriminatorKind: DiscriminatorKind;
  readonly maskReading: MaskReading;
  readonly size: Size;
}

export interface AdversarialPlan extends Plan {
  readonly lr: number;
  readonly correction1: number;
  readonly correction2: number;
  /** Absent where the classifier has no optimiser of its own. */
  readonly lr_classifier?: number;
  readonly lr_discriminator: number;
  readonly discriminatorCorrection1: number;
  readonly discriminatorCorrection2: number;
  readonly temperature: number;
  readonly threshold: number;
  /** Absent at weight 0: then there is no adversary, and it does not learn either. */
  readonly lambdaAdv?: number;
  /** Absent at weight 0. */
  readonly lambdaConf?: number;
  /** Both absent where the network has one level. */
  readonly lambdaSegAux?: number;
  readonly lambdaAdvAux?: number;
}

export function buildAdversarial(context: BuildContext<AdversarialValues>): AdversarialState {
  const { ganLoss, discriminator: discriminatorKind, maskReading } = context.params;
  const { seed, size, classWeights } = context;
  checkDiscriminator(discriminatorKind, size);
  const segmenter = context.buildNetwork();
  const discriminatorAt = (level: number): Network =>
    buildDiscriminator(discriminatorKind, classWeights.shape[0], seed, level);
  const discriminator = discriminatorAt(0);
  const discriminatorAux = segmenter.forwardLevels === undefined ? undefined : discriminatorAt(1);
  const adam = ({ parameters }: Network): Optimiser<AdamRates> => createAdam(parameters, DISCRIMINATOR_ADAM);
  return {
    networks: { segmenter, discriminator, ...(discriminatorAux === undefined ? {} : { discriminatorAux }) },
    optimisers: {
      ...segmenterOptimisers(segmenter, context.params),
      discriminator: adam(discriminator),
      ...(discriminatorAux === undefined ? {} : { discriminatorAux: adam(discriminatorAux) }),
    },
    ...{ classWeights, ganLoss, discriminatorKind, maskReading, size },
  };
}

/** AdamW for all parameters, or PyTorch's SGD with a group of its own for the classifier. */
export function segmenterOptimisers(
  { parameters, isClassifier }: Network,
  { optimiser, weightDecay }: Pick<AdversarialValues, 'optimiser' | 'weightDecay'>,
): Pick<AdversarialState['optimisers'], 'segmenter' | 'classifier'> {
  if (optimiser === 'adamw') return { segmenter: createAdam(parameters, { ...ADAM_DEFAULTS, weightDecay }) };
  const options = { momentum: SGD_MOMENTUM, weightDecay, nesterov: false };
  if (isClassifier === undefined) return { segmenter: createSgd(parameters, options) };
  const of = (inClassifier: boolean) => parameters.filter(({ name }) => isClassifier(name) === inClassifier);
  return { segmenter: createSgd(of(false), options), classifier: createSgd(of(true), options) };
}

export function planAdversarial(
  { networks, optimisers, maskReading }: AdversarialState,
  { step, steps, params }: StepContext<AdversarialValues>,
): AdversarialPlan {
  const { learningRate, discriminatorRate, temperature, threshold, lambdaAdv, lambdaConf } = params;
  const warmUp = params.optimiser === 'sgd' ? 0 : WARM_UP_STEPS;
  const rate = (base: number): number => polyRate({ base, steps, warmUp }, step);
  const discriminator = adamPlan(rate(discriminatorRate), step, DISCRIMINATOR_ADAM);
  const { lambdaSegAux, lambdaAdvAux } = params;
  return {
    ...adamPlan(rate(learningRate), step, ADAM_DEFAULTS),
    ...(optimisers.classifier === undefined ? {} : { lr_classifier: CLASSIFIER_FACTOR * rate(learningRate) }),
    lr_discriminator: discriminator.lr,
    discriminatorCorrection1: discriminator.correction1,
    discriminatorCorrection2: discriminator.correction2,
    temperature,
    threshold,
    ...(lambdaAdv > 0 ? { lambdaAdv } : {}),
    ...(lambdaConf > 0 && maskReading === 'target' ? { lambdaConf } : {}),
    ...(networks.discriminatorAux === undefined ? {} : { lambdaSegAux, lambdaAdvAux }),
  };
}
