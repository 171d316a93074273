// What a training method is: a declaration of its parameters, metrics and views that builds its networks, plans a step on
// the host and runs it on the GPU. Form, charts, checkpoints and contract tests come from the declaration.
import type { Size } from '../../../domain/dataset.ts';
import { invariant } from '../../../domain/errors.ts';
import type { MethodInfo } from '../../../domain/method.ts';
import { type ParamSpecs, type ParamValues, resolveParams, type ValuesOf } from '../../../domain/params.ts';
import type { RandomStream } from '../../../domain/rng.ts';
import type { Network } from '../../networks/core/network.ts';
import type { LabelledImages } from '../../ops/mix/labelledImages.ts';
import type { OptimiserState } from '../../optim/optimiser.ts';
import type * as tf from '../../tf.ts';
import { type StepMetrics, specsOf } from './metrics.ts';
import type { Plan, PlanTensors } from './plan.ts';

/**
 * Where images come from. `target` never carries labels; `labelledTarget` holds the few that may show theirs; `pseudoTarget`
 * is the target with the labels that a teacher has stored.
 */
export type StreamName = 'source' | 'target' | 'labelledTarget' | 'pseudoTarget';
export const STREAM_NAMES: readonly StreamName[] = ['source', 'target', 'labelledTarget', 'pseudoTarget'];

/** Images per step and stream; an absent stream is not read. */
export type Streams = Readonly<Partial<Record<StreamName, number>>>;

/** One stream's share of a step on the GPU. */
export interface Batch {
  /** [batch, height, width, 3] in [-1, 1]. */
  readonly images: tf.Tensor4D;
  /** [batch, height, width] int32 class indices, 255 = ignore; null where the stream shows none. */
  readonly labels: tf.Tensor3D | null;
}
export type Batches = Readonly<Partial<Record<StreamName, Batch>>>;

/** What a method builds from. */
export interface BuildContext<Values> {
  readonly params: Values;
  readonly seed: number;
  /** The segmentation network that the run chose, with the run's seed. */
  buildNetwork(): Network;
  /** Of every image. */
  readonly size: Size;
  /** [classes], from the source's label statistics; owned by the trainer. */
  readonly classWeights: tf.Tensor1D;
}

/** Everything that lives from step to step. Checkpoints hold exactly these, under these names. */
export interface MethodState {
  readonly networks: Readonly<Record<string, Network>>;
  readonly optimisers: Readonly<Record<string, OptimiserState>>;
  /** Arrays that are no weights, such as a pool of earlier images; a step updates them in place. */
  readonly buffers?: Readonly<Record<string, tf.Variable>>;
}

/** When and with what a step is planned. Parameters may change between steps; only what `plan` reads then follows. */
export interface StepContext<Values> {
  /** Updates done before this one. */
  readonly step: number;
  /** Updates of the whole run. */
  readonly steps: number;
  readonly params: Values;
  /** This step's own stream: it depends on seed and step alone, so nothing of it needs to be stored. */
  readonly random: RandomStream;
}

/**
 * Images [batch, height, width, 3] in [-1, 1] in the look of the other domain, same shape; values may leave [-1, 1] a little.
 * `keys` [batch] are whole numbers below 2^24 that pick each image's noise, where there is any: the same key, the same
 * picture. Call inside `tf.tidy`.
 */
export type Translate = (images: tf.Tensor4D, keys: tf.Tensor1D) => tf.Tensor4D;

/** What a method makes, with the network that is exported. */
export type Product =
  /** `network` gives class scores: it is evaluated and shown. */
  { readonly kind: 'segmenter'; readonly network: Network } | TranslatorProduct;
/** Nothing to evaluate: it makes pictures of source images that look like the target's. */
export interface TranslatorProduct {
  readonly kind: 'translator';
  readonly network: Network;
  readonly translate: Translate;
}

/** What a translating network is built from, without the rest of its method. */
export type TranslatorContext<Values> = Pick<BuildContext<Values>, 'params' | 'seed'>;

interface SegmenterDefinition<State> {
  /** The network that predicts: evaluated, shown and exported. */
  predictor(state: State): Network;
}
interface TranslatorDefinition<Values, State extends MethodState> {
  /** The network that translates from source to target, and is exported. */
  readonly translator: {
    [Role in keyof State['networks'] & string]: TranslatorBy<Role, Values, State['networks'][Role]>;
  }[keyof State['networks'] & string];
}
interface TranslatorBy<Role, Values, Net> {
  readonly role: Role;
  /** It alone, as `build` makes it. */
  build(context: TranslatorContext<Values>): Net;
  /** As {@link Translate}. */
  translate(network: Net, images: tf.Tensor4D, keys: tf.Tensor1D): tf.Tensor4D;
}

export type MethodDefinition<Specs extends ParamSpecs, State extends MethodState, P extends Plan> = MethodParts<
  Specs,
  State,
  P
> &
  (SegmenterDefinition<State> | TranslatorDefinition<ValuesOf<Specs>, State>);

interface MethodParts<Specs extends ParamSpecs, State extends MethodState, P extends Plan> {
  /** What it produces follows from whether it has a `predictor` or a `translator`. */
  readonly info: Omit<MethodInfo, 'produces' | 'metrics'> & { readonly params: Specs };
  readonly metrics: StepMetrics<keyof P & string>;
  streams(params: ValuesOf<Specs>): Streams;
  build(context: BuildContext<ValuesOf<Specs>>): State;
  /** All host decisions of a step. */
  plan(state: State, context: StepContext<ValuesOf<Specs>>): P;
  /**
   * The step: a pure GPU program from batches and planned tensors to updated variables and one scalar per `metrics.step`.
   * Runs inside `tf.tidy`. No read-back, no randomness, no shape that depends on data.
   */
  step(state: State, batches: Batches, planned: PlanTensors<P>): Readonly<Record<string, tf.Scalar>>;
  /**
   * The pictures that `info.views` declares, of what a step with these inputs would see, by name: `image` [batch, height,
   * width, 3] in [-1, 1], `label` int32 [batch, height, width], `map` [batch, rows, columns] in [0, 1]. Apart from the step,
   * which is not touched: changes nothing. Runs inside `tf.tidy`.
   */
  views?(state: State, batches: Batches, planned: PlanTensors<P>): Views;
}
export type Views = Readonly<Record<string, tf.Tensor>>;

/** A method under way, with its state closed over. */
export interface RunningMethod {
  readonly state: MethodState;
  readonly product: Product;
  plan(step: number, steps: number, params: ParamValues, random: RandomStream): Plan;
  step(batches: Batches, planned: PlanTensors<Plan>): Readonly<Record<string, tf.Scalar>>;
  /** As the definition's; none where it has none. */
  views(batches: Batches, planned: PlanTensors<Plan>): Views;
}

/** A method as the rest of the engine sees it: its types are sealed inside. */
export interface Method {
  readonly info: MethodInfo;
  /** Names of what a step returns, and of the numbers of its plan that are reported beside. */
  readonly reports: { readonly step: readonly string[]; readonly plan: readonly string[] };
  /** Throws `config.invalid` for parameters that its specs do not accept. */
  streams(params: ParamValues): Streams;
  /** Throws `config.invalid`, too. */
  start(context: BuildContext<ParamValues>): RunningMethod;
  /** The network by which it translates, without the rest of it; null where it makes a segmenter. */
  readonly translator: {
    readonly role: string;
    open(context: TranslatorContext<ParamValues>): TranslatorProduct;
  } | null;
}

/** Seals a definition. Parameters are validated here, where they come in, and trusted inside. */
export function defineMethod<Specs extends ParamSpecs, State extends MethodState, P extends Plan>(
  definition: MethodDefinition<Specs, State, P>,
): Method {
  const { metrics } = definition;
  const info = {
    ...definition.info,
    produces: 'predictor' in definition ? 'segmenter' : 'translator',
    metrics: specsOf(metrics),
  } as const;
  return {
    info,
    reports: { step: metrics.step.map(({ name }) => name), plan: metrics.plan.map(({ name }) => name) },
    streams: (params) => definition.streams(resolveParams(info.params, params)),
    start: (context) => {
      const state = definition.build({ ...context, params: resolveParams(info.params, context.params) });
      return {
        state,
        product: productOf(definition, state),
        plan: (step, steps, params, random) =>
          definition.plan(state, { step, steps, params: resolveParams(info.params, params), random }),
        // The tensors come from this method's own plan.
        step: (batches, planned) => definition.step(state, batches, planned as PlanTensors<P>),
        views: (batches, planned) => definition.views?.(state, batches, planned as PlanTensors<P>) ?? {},
      };
    },
    translator: translatorOf(definition),
  };
}

function translatorOf<Specs extends ParamSpecs, State extends MethodState, P extends Plan>(
  definition: MethodDefinition<Specs, State, P>,
): Method['translator'] {
  if ('predictor' in definition) return null;
  const { info, translator } = definition;
  return {
    role: translator.role,
    open: ({ params, seed }) =>
      translatorBy(translator, translator.build({ params: resolveParams(info.params, params), seed })),
  };
}

function translatorBy(
  { translate }: Pick<TranslatorBy<string, never, Network>, 'translate'>,
  network: Network,
): TranslatorProduct {
  return { kind: 'translator', network, translate: (images, keys) => translate(network, images, keys) };
}

function productOf<Specs extends ParamSpecs, State extends MethodState, P extends Plan>(
  definition: MethodDefinition<Specs, State, P>,
  state: State,
): Product {
  if ('predictor' in definition) return { kind: 'segmenter', network: definition.predictor(state) };
  const { translator } = definition;
  const network = state.networks[translator.role];
  invariant(network, () => `${definition.info.id} translates by "${translator.role}", which it does not build.`);
  return translatorBy(translator, network);
}

/** The labelled images that `name` brings. */
export function labelledBatch(batches: Batches, name: StreamName): LabelledImages {
  const batch = batches[name];
  invariant(batch, () => `The method reads "${name}" but declares no such stream.`);
  const { images, labels } = batch;
  invariant(labels, () => `The images of "${name}" came without labels.`);
  return { images, labels };
}

/** The unlabelled target images. */
export function targetImages({ target }: Batches): tf.Tensor4D {
  invariant(target, () => 'The method reads "target" but declares no such stream.');
  return target.images;
}
