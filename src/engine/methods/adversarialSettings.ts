// Parameters, state and plan of the adversarial methods: what is decided before a step. The step is adversarialStep.ts.
// Settings are those of the built-in recipe (docs/built-in-pair.md).
import type { ParamSpecs, ValuesOf } from '../../domain/params.ts';
import type { GanLoss } from '../losses/domainScores.ts';
import type { Network } from '../networks/network.ts';
import { ADAM_DEFAULTS, type AdamRates, adamPlan, createAdam, type Optimiser } from '../optim/optimiser.ts';
import { polyRate } from '../optim/schedules.ts';
import type * as tf from '../tf.ts';
import { buildDiscriminator, DISCRIMINATOR_KINDS, type DiscriminatorKind } from './discriminator.ts';
import type { BuildContext, MethodState, Moment } from './method.ts';
import type { Plan } from './plan.ts';

const WARM_UP_STEPS = 30;
/** AdaptSegNet's. */
const DISCRIMINATOR_ADAM = { ...ADAM_DEFAULTS, beta2: 0.99 };

export const ADVERSARIAL_PARAMS = {
  learningRate: { kind: 'number', default: 1e-3, min: 1e-5, max: 1e-1, step: 1e-5, scale: 'log' },
  discriminatorRate: { kind: 'number', default: 5e-4, min: 1e-6, max: 1e-1, step: 1e-6, scale: 'log' },
  batchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true },
  targetBatchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true },
  lambdaAdv: { kind: 'number', default: 0.01, min: 0, max: 1, step: 0.001 },
  lambdaConf: { kind: 'number', default: 0.3, min: 0, max: 2, step: 0.05 },
  temperature: { kind: 'number', default: 0.5, min: 0.1, max: 2, step: 0.05 },
  threshold: { kind: 'number', default: 0.95, min: 0, max: 1, step: 0.01 },
  ganLoss: { kind: 'choice', default: 'bce', options: ['bce', 'lsgan'] },
  discriminator: { kind: 'choice', default: 'small', options: DISCRIMINATOR_KINDS },
  weightDecay: { kind: 'number', default: 1e-4, min: 0, max: 0.1, step: 1e-5 },
} as const satisfies ParamSpecs;
export type AdversarialValues = ValuesOf<typeof ADVERSARIAL_PARAMS>;

export interface AdversarialState extends MethodState {
  readonly networks: { readonly segmenter: Network; readonly discriminator: Network };
  readonly optimisers: { readonly segmenter: Optimiser<AdamRates>; readonly discriminator: Optimiser<AdamRates> };
  readonly classWeights: tf.Tensor1D;
  readonly ganLoss: GanLoss;
  readonly discriminatorKind: DiscriminatorKind;
}

export interface AdversarialPlan extends Plan {
  readonly lr: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly lr_discriminator: number;
  readonly discriminatorCorrection1: number;
  readonly discriminatorCorrection2: number;
  readonly temperature: number;
  /** Absent at weight 0: then there is no adversary, and it does not learn either. */
  readonly lambdaAdv?: number;
  /** Absent at weight 0, with its threshold. */
  readonly lambdaConf?: number;
  readonly threshold?: number;
}

export function buildAdversarial(context: BuildContext<AdversarialValues>): AdversarialState {
  const { weightDecay, ganLoss, discriminator: discriminatorKind } = context.params;
  const segmenter = context.buildNetwork();
  const discriminator = buildDiscriminator(discriminatorKind, context.seed, 0);
  return {
    networks: { segmenter, discriminator },
    optimisers: {
      segmenter: createAdam(segmenter.parameters, { ...ADAM_DEFAULTS, weightDecay }),
      discriminator: createAdam(discriminator.parameters, DISCRIMINATOR_ADAM),
    },
    classWeights: context.classWeights,
    ganLoss,
    discriminatorKind,
  };
}

export function planAdversarial({ step, steps, params }: Moment<AdversarialValues>): AdversarialPlan {
  const { learningRate, discriminatorRate, temperature, lambdaAdv, lambdaConf, threshold } = params;
  const rate = (base: number): number => polyRate({ base, steps, warmUp: WARM_UP_STEPS }, step);
  const judge = adamPlan(rate(discriminatorRate), step, DISCRIMINATOR_ADAM);
  return {
    ...adamPlan(rate(learningRate), step, ADAM_DEFAULTS),
    lr_discriminator: judge.lr,
    discriminatorCorrection1: judge.correction1,
    discriminatorCorrection2: judge.correction2,
    temperature,
    ...(lambdaAdv > 0 ? { lambdaAdv } : {}),
    ...(lambdaConf > 0 ? { lambdaConf, threshold } : {}),
  };
}
