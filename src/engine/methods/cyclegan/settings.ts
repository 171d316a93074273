// Parameters, state and plan of CycleGAN: what is decided before a step. The step is step.ts. Defaults are those of the
// built-in recipe (docs/built-in-pair.md); for the larger sizes the paper's are 2e-4 for both rates, 10 and 0.5 for the weights.
import { StudioError } from '../../../domain/errors.ts';
import type { ParamSpecs, ValuesOf } from '../../../domain/params.ts';
import { hashKeys, type RandomStream } from '../../../domain/rng.ts';
import type { GanLoss } from '../../losses/adversarial/domainScores.ts';
import type { Network } from '../../networks/core/network.ts';
import type { Generator } from '../../networks/translation/generator.ts';
import { TRANSLATION_SIZES, translationSize } from '../../networks/translation/sizes.ts';
import type { MapSize } from '../../ops/core/geometry.ts';
import { WINDOW_COLUMNS } from '../../ops/cropImages/cropImages.ts';
import { EXCHANGE_COLUMNS } from '../../ops/exchangeWithPool/exchangeWithPool.ts';
import { ADAM_DEFAULTS, type AdamRates, adamPlan, createAdam, type Optimiser } from '../../optim/optimiser.ts';
import * as tf from '../../tf.ts';
import type { BuildContext, MethodState, StepContext, TranslatorContext } from '../core/defineMethod.ts';
import type { Plan, PlannedRows, PlannedVector } from '../core/plan.ts';

export const CYCLEGAN_PARAMS = {
  learningRate: {
    kind: 'number',
    role: 'learning-rate',
    default: 2e-3,
    min: 1e-6,
    max: 1e-1,
    step: 1e-6,
    scale: 'log',
  },
  discriminatorRate: { kind: 'number', default: 5e-4, min: 1e-6, max: 1e-1, step: 1e-6, scale: 'log' },
  decayFrom: { kind: 'number', default: 0.5, min: 0, max: 1, step: 0.05 },
  batchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true, fixed: true },
  crop: { kind: 'number', default: 64, min: 8, max: 1024, step: 8, integer: true, fixed: true },
  lambdaCycle: { kind: 'number', default: 2, min: 0, max: 50, step: 0.5 },
  lambdaIdentity: { kind: 'number', default: 0, min: 0, max: 5, step: 0.1 },
  instanceNoise: { kind: 'number', default: 0.15, min: 0, max: 1, step: 0.01 },
  poolSize: { kind: 'number', default: 0, min: 0, max: 200, step: 1, integer: true, fixed: true },
  ganLoss: { kind: 'choice', default: 'lsgan', options: ['lsgan', 'bce'], fixed: true },
  translationSize: { kind: 'choice', default: 'toy', options: TRANSLATION_SIZES, fixed: true },
} as const satisfies ParamSpecs;
export type CycleGanValues = ValuesOf<typeof CYCLEGAN_PARAMS>;

/** `toTarget` is G, `toSource` F; the discriminators are named after the domain whose pictures they know as real. */
export type CycleGanNetworks = {
  readonly toTarget: Generator;
  readonly toSource: Generator;
  readonly targetDiscriminator: Network;
  readonly sourceDiscriminator: Network;
};
/** What a step works on. */
export interface CycleGanLearners extends MethodState {
  readonly networks: CycleGanNetworks;
  readonly optimisers: Readonly<Record<keyof CycleGanNetworks, Optimiser<AdamRates>>>;
  /** Earlier translations, a pool for each discriminator; none at pool size 0. */
  readonly buffers: { readonly targetPool?: tf.Variable; readonly sourcePool?: tf.Variable };
  readonly ganLoss: GanLoss;
}
export interface CycleGanState extends CycleGanLearners {
  /** Of every image, and of what is cut out of it for training. */
  readonly imageSize: MapSize;
  readonly cropSize: MapSize;
}

/** What a step's update takes. */
export interface CycleGanUpdate extends Plan {
  readonly lr: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly lr_discriminator: number;
  readonly lambdaCycle: number;
  /** Absent at weight 0: two passes less. */
  readonly lambdaIdentity?: number;
  /** Standard deviation of the noise on what the discriminators see; absent at 0, with its keys. */
  readonly noise?: number;
  /** [6 * batch]: for the discriminators' passes, D_Y's and D_X's over fakes, then shown and real ones of each. */
  readonly noiseKeys?: PlannedVector;
  /** [6 * batch]: for the generators' passes, in their order. */
  readonly generatorKeys: PlannedVector;
  /** What goes into the pools and comes out [batch, 2], see `exchangeWithPool`; absent without pools. */
  readonly targetExchange?: PlannedRows;
  readonly sourceExchange?: PlannedRows;
}
export interface CycleGanPlan extends CycleGanUpdate {
  /** Where the crops are [batch, 2], see `cropImages`. */
  readonly sourceWindows: PlannedRows;
  readonly targetWindows: PlannedRows;
}

/** beta2 is the recipe's; the paper's 0.999 looks back over more steps than a short run has. */
export const CYCLEGAN_ADAM = { ...ADAM_DEFAULTS, beta1: 0.5, beta2: 0.99 };

/** Throws `config.invalid` where the images, or the crops of them, do not suit the networks. */
export function buildCycleGan({ params, seed, size }: BuildContext<CycleGanValues>): CycleGanState {
  const networkSize = translationSize(params.translationSize);
  const { sizeMultiple, smallestSide } = networkSize;
  const cropSide = (side: number): number => Math.min(side, params.crop - (params.crop % sizeMultiple));
  const cropSize = [cropSide(size.height), cropSide(size.width)] as const;
  if (size.width % sizeMultiple !== 0 || size.height % sizeMultiple !== 0 || Math.min(...cropSize) < smallestSide) {
    throw new StudioError(
      'config.invalid',
      `"${params.translationSize}" takes sides that are multiples of ${sizeMultiple} and crops of at least ${smallestSide}, ` +
        `not ${cropSize[1]} x ${cropSize[0]} of ${size.width} x ${size.height}.`,
      'Choose larger images, larger crops or a smaller translation size.',
      { translationSize: params.translationSize, width: size.width, height: size.height, crop: params.crop },
    );
  }
  const networks = {
    toTarget: buildToTarget({ params, seed }),
    toSource: networkSize.buildGenerator(start(seed, 'toSource')),
    targetDiscriminator: networkSize.buildDiscriminator(start(seed, 'targetDiscriminator')),
    sourceDiscriminator: networkSize.buildDiscriminator(start(seed, 'sourceDiscriminator')),
  };
  const pool = (): tf.Variable =>
    tf.tidy(() => tf.variable(tf.zeros([params.poolSize, cropSize[0] * cropSize[1] * 3]), false));
  return {
    networks,
    optimisers: optimisersOf(networks, CYCLEGAN_ADAM),
    buffers: params.poolSize === 0 ? {} : { targetPool: pool(), sourcePool: pool() },
    ganLoss: params.ganLoss,
    imageSize: [size.height, size.width],
    cropSize,
  };
}

/** The generator that is kept. */
export function buildToTarget({ params, seed }: TranslatorContext<CycleGanValues>): Generator {
  return translationSize(params.translationSize).buildGenerator(start(seed, 'toTarget'));
}

/** The two of a kind have the same parameter names, so it is their seeds that make them start differently. */
const start = (seed: number, role: keyof CycleGanNetworks) => ({ seed: hashKeys(seed, [role]) });

/** One Adam for each network. Its arithmetic is per value, so this equals one over both of a kind. */
export function optimisersOf(networks: CycleGanNetworks, options: typeof CYCLEGAN_ADAM): CycleGanState['optimisers'] {
  return {
    toTarget: createAdam(networks.toTarget.parameters, options),
    toSource: createAdam(networks.toSource.parameters, options),
    targetDiscriminator: createAdam(networks.targetDiscriminator.parameters, options),
    sourceDiscriminator: createAdam(networks.sourceDiscriminator.parameters, options),
  };
}

/** The instance noise falls linearly to this share of its start: it evens out the discriminators' lead, which is early. */
const LAST_NOISE = 0.3;

export function planCycleGan(
  { imageSize, cropSize, buffers }: CycleGanState,
  { step, steps, params, random }: StepContext<CycleGanValues>,
): CycleGanPlan {
  const { batchSize, learningRate, discriminatorRate, lambdaCycle, lambdaIdentity, instanceNoise } = params;
  const done = step / steps;
  const decay = params.decayFrom === 1 ? 1 : Math.min(1, (1 - done) / (1 - params.decayFrom));
  const windows = (): PlannedRows => drawWindows(random, batchSize, imageSize, cropSize);
  const exchange = (pool: tf.Variable | undefined): PlannedRows | undefined =>
    pool && drawExchange(random, { batchSize, capacity: pool.shape[0] ?? 0, seen: step * batchSize });
  // All is drawn at every step, needed or not: what one parameter switches off leaves the other draws as they are.
  const drawn = {
    sourceWindows: windows(),
    targetWindows: windows(),
    generatorKeys: drawKeys(random, 6 * batchSize),
    noiseKeys: drawKeys(random, 6 * batchSize),
  };
  const targetExchange = exchange(buffers.targetPool);
  const sourceExchange = exchange(buffers.sourcePool);
  const { noiseKeys, ...always } = drawn;
  return {
    ...adamPlan(learningRate * decay, step, CYCLEGAN_ADAM),
    lr_discriminator: discriminatorRate * decay,
    lambdaCycle,
    ...(lambdaIdentity > 0 ? { lambdaIdentity: lambdaIdentity * lambdaCycle } : {}),
    ...(instanceNoise > 0 ? { noise: instanceNoise * (1 - (1 - LAST_NOISE) * done), noiseKeys } : {}),
    ...always,
    ...(targetExchange && sourceExchange ? { targetExchange, sourceExchange } : {}),
  };
}

const KEYS = 2 ** 24;

function drawKeys(random: RandomStream, count: number): PlannedVector {
  return { shape: [count], values: Float32Array.from({ length: count }, () => random.integer(KEYS)) };
}

/** A window of every image, anywhere. */
function drawWindows(
  random: RandomStream,
  count: number,
  [height, width]: MapSize,
  [cropHeight, cropWidth]: MapSize,
): PlannedRows {
  const draws = Array.from({ length: count }, () => [
    random.integer(height - cropHeight + 1),
    random.integer(width - cropWidth + 1),
  ]);
  return { shape: [count, WINDOW_COLUMNS], values: Float32Array.from(draws.flat()) };
}

/**
 * The rule of the image pool: while there is room, every image is stored and shown itself; then each has an even chance to
 * change places with a stored one. `seen` images came before this batch; of one batch no two take the same place.
 */
export function drawExchange(
  random: RandomStream,
  { batchSize, capacity, seen }: { batchSize: number; capacity: number; seen: number },
): PlannedRows {
  const filled = Array.from({ length: batchSize }, (_, i) => seen + i).filter((place) => place < capacity);
  const free = [...random.permutation(capacity)].filter((place) => !filled.includes(place));
  const values = Array.from({ length: batchSize }, (_, i) => {
    const isSwapped = random.integer(2) === 1;
    const first = filled[i];
    if (first !== undefined) return [first, 0];
    const place = isSwapped ? free.pop() : undefined;
    return place === undefined ? [-1, 0] : [place, 1];
  });
  return { shape: [batchSize, EXCHANGE_COLUMNS], values: Float32Array.from(values.flat()) };
}
