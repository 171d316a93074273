// What a training method is: one file that declares its parameters and losses, builds its networks, plans a step on
// the host and runs it on the GPU. Form, charts, checkpoints and contract tests come from the declaration.
import type { Size } from '../../../domain/dataset.ts';
import { invariant } from '../../../domain/errors.ts';
import type { MethodInfo } from '../../../domain/method.ts';
import { type ParamSpecs, type ParamValues, resolveParams, type ValuesOf } from '../../../domain/params.ts';
import type { RandomStream } from '../../../domain/rng.ts';
import type { Network } from '../../networks/core/network.ts';
import type { OptimiserState } from '../../optim/optimiser.ts';
import type * as tf from '../../tf.ts';
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
  /** [batch, height, width] int32 train ids, 255 = ignore; null where the stream shows none. */
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
  /** 19 weights, from the source's label statistics; owned by the trainer. */
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
export interface Moment<Values> {
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
  | { readonly kind: 'segmenter'; readonly network: Network }
  /** Nothing to evaluate: it makes pictures of source images that look like the target's. */
  | { readonly kind: 'translator'; readonly network: Network; readonly translate: Translate };

interface SegmenterDefinition<State> {
  /** The network that predicts: evaluated, shown and exported. */
  predictor(state: State): Network;
}
interface TranslatorDefinition<State> {
  /** The network that is exported. */
  translator(state: State): Network;
  /** From source to target, as {@link Translate}. */
  translate(state: State, images: tf.Tensor4D, keys: tf.Tensor1D): tf.Tensor4D;
}

export type MethodDefinition<Specs extends ParamSpecs, State extends MethodState, P extends Plan> = MethodParts<
  Specs,
  State,
  P
> &
  (SegmenterDefinition<State> | TranslatorDefinition<State>);

interface MethodParts<Specs extends ParamSpecs, State extends MethodState, P extends Plan> {
  /** What it produces follows from whether it has a `predictor` or a `translator`. */
  readonly info: Omit<MethodInfo, 'produces'> & { readonly params: Specs };
  /** Numbers of the plan that are charted, as `train/<name>`. */
  readonly charted: readonly (keyof P & string)[];
  streams(params: ValuesOf<Specs>): Streams;
  build(context: BuildContext<ValuesOf<Specs>>): State;
  /** All host decisions of a step. */
  plan(state: State, moment: Moment<ValuesOf<Specs>>): P;
  /**
   * The step: a pure GPU program from batches and planned tensors to updated variables and one scalar per declared loss.
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
  readonly charted: readonly string[];
  /** Throws `config.invalid` for parameters that its specs do not accept. */
  streams(params: ParamValues): Streams;
  /** Throws `config.invalid`, too. */
  start(context: BuildContext<ParamValues>): RunningMethod;
}

/** Seals a definition. Parameters are validated here, where they come in, and trusted inside. */
export function defineMethod<Specs extends ParamSpecs, State extends MethodState, P extends Plan>(
  definition: MethodDefinition<Specs, State, P>,
): Method {
  const { charted } = definition;
  const info = { ...definition.info, produces: 'predictor' in definition ? 'segmenter' : 'translator' } as const;
  return {
    info,
    charted,
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
  };
}

function productOf<Specs extends ParamSpecs, State extends MethodState, P extends Plan>(
  definition: MethodDefinition<Specs, State, P>,
  state: State,
): Product {
  if ('predictor' in definition) return { kind: 'segmenter', network: definition.predictor(state) };
  return {
    kind: 'translator',
    network: definition.translator(state),
    translate: (images, keys) => definition.translate(state, images, keys),
  };
}

/** The labelled images that `name` brings. */
export function labelledBatch(batches: Batches, name: StreamName): { images: tf.Tensor4D; labels: tf.Tensor3D } {
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
