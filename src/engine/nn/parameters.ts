// Trainable arrays with PyTorch's names, and how they start. A scope hands out names; a layer asks it for its arrays.
// Every array draws from its own random stream keyed by (seed, name): adding a layer changes no other layer's start.
import { invariant } from '../../domain/errors.ts';
import { RandomStream } from '../../domain/rng.ts';
import type { Shape, TensorOf } from '../gpu/kernel.ts';
import * as tf from '../tf.ts';

/** A named array of a network: what optimisers update and checkpoints store. */
export interface Parameter {
  /** As PyTorch's state_dict names it, e.g. `blocks.0.a.0.weight`. */
  readonly name: string;
  /** In TensorFlow.js layout: convolution filters are [height, width, in, out]. */
  readonly variable: tf.Variable;
  /** A statistic is state that no gradient reaches; it is stored with the weights, but no parameter of the model. */
  readonly kind: 'weight' | 'statistic';
  /** How many numbers it has. */
  readonly size: number;
  /** False for statistics, and for weights that the network keeps as they are. */
  readonly trainable: boolean;
}

/** How many numbers a model has, as papers count them: weights, also fixed ones, but no running statistics. */
export function countWeights(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { kind, size }) => (kind === 'weight' ? sum + size : sum), 0);
}

/** Fills the start values of one array from its own stream. */
export type Initialiser = (stream: RandomStream, count: number) => Float32Array;

export function constant(value: number): Initialiser {
  return (_, count) => new Float32Array(count).fill(value);
}

/** Uniform in ±1/sqrt(fanIn): what PyTorch's convolutions start from (He et al. 2015 with a = sqrt 5), biases included. */
export function uniformByFanIn(fanIn: number): Initialiser {
  const bound = 1 / Math.sqrt(fanIn);
  return (stream, count) => drawn(count, () => stream.uniform(-bound, bound));
}

/** Normal with mean 0. */
export function normal(deviation: number): Initialiser {
  return (stream, count) => drawn(count, () => deviation * stream.normal());
}

/** A loop, where `Float32Array.from` would take several times as long: some networks have 44 million values. */
function drawn(count: number, draw: () => number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = draw();
  return values;
}

/** What one convolution costs per image, told to whoever observes a network while it runs. */
export interface ConvolutionCost {
  readonly name: string;
  /** Multiply-adds times two. */
  readonly flops: number;
}

export interface ScopeOptions {
  readonly seed: number;
  /**
   * `zeros` draws nothing: for arrays that stored ones will replace. `none` has no arrays at all: convolutions and
   * normalisations then give zeros of the right shape, which is all that counting needs. `drawn` unless said.
   */
  readonly start?: 'drawn' | 'zeros' | 'none';
  /** Called by every convolution on every forward pass. */
  readonly observe?: (cost: ConvolutionCost) => void;
}

type VariableOf<S extends Shape> = tf.Variable<TensorOf<S>['rankType']>;

/** Where a network under construction collects its arrays. */
export class ParameterScope {
  readonly prefix: string;
  private readonly options: ScopeOptions;
  private readonly collected: Parameter[];

  constructor(options: ScopeOptions, prefix = '', collected: Parameter[] = []) {
    this.options = options;
    this.prefix = prefix;
    this.collected = collected;
  }

  /** The scope of a part: its names begin with `name.` */
  child(name: string | number): ParameterScope {
    return new ParameterScope(this.options, `${this.prefix}${name}.`, this.collected);
  }

  /** Everything collected so far, in order of creation, across all scopes of the network. */
  get parameters(): readonly Parameter[] {
    return this.collected;
  }

  /** Whether layers are to give zeros of the right shape: there is nothing to compute with. */
  get isHollow(): boolean {
    return this.options.start === 'none';
  }

  get observe(): ((cost: ConvolutionCost) => void) | undefined {
    return this.options.observe;
  }

  /** A new array that is trained, or that optimisers are to leave alone. */
  weight<const S extends Shape>(name: string, shape: S, initialise: Initialiser, trainable = true): VariableOf<S> {
    return this.add({ name, kind: 'weight', trainable }, shape, initialise) as VariableOf<S>;
  }

  /** A new array that no gradient reaches: running statistics. */
  statistic(name: string, shape: readonly number[], initialise: Initialiser): tf.Variable {
    return this.add({ name, kind: 'statistic', trainable: false }, shape, initialise);
  }

  private add(
    { name, kind, trainable }: Pick<Parameter, 'name' | 'kind' | 'trainable'>,
    shape: readonly number[],
    initialise: Initialiser,
  ): tf.Variable {
    const fullName = this.prefix + name;
    invariant(
      !this.collected.some((parameter) => parameter.name === fullName),
      () => `Two parameters are called "${fullName}".`,
    );
    const size = shape.reduce((product, side) => product * side, 1);
    const start = this.startOf(fullName, shape, size, initialise);
    // TensorFlow.js registers variable names globally; ours are unique per network only, so it gets to number its own.
    const variable = tf.variable(start, trainable);
    start.dispose();
    this.collected.push({ name: fullName, variable, size, kind, trainable });
    return variable;
  }

  private startOf(fullName: string, shape: readonly number[], size: number, initialise: Initialiser): tf.Tensor {
    const { start, seed } = this.options;
    if (start === 'none') return tf.tensor1d([0]);
    const values =
      start === 'zeros' ? new Float32Array(size) : initialise(new RandomStream(seed, 'parameter', fullName), size);
    return tf.tensor(values, [...shape], 'float32');
  }
}
