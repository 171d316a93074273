// One run's learning state: a method with its networks and optimisers, and where it stands. A single step is runStep.ts,
// the loop around it train.ts, storage checkpoint.ts.
import type { Size } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import type { MethodInfo } from '../../domain/method.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import { type ParamValues, resolveParams } from '../../domain/params.ts';
import type { DispatchTimes } from '../gpu/dispatchTimes.ts';
import { canRunPrograms } from '../gpu/program.ts';
import type { Method, MethodState, Product, RunningMethod, Streams } from '../methods/core/defineMethod.ts';
import { methodEntry } from '../methods/registry.ts';
import { type Network, type NetworkEntry, refuseWrongSize } from '../networks/core/network.ts';
import { networkEntry } from '../networks/registry.ts';
import { joinBatches } from '../ops/batches/joinBatches.ts';
import { kernelChoices, type RunKernels } from '../ops/conv2d/choice/choices.ts';
import * as tf from '../tf.ts';
import { CompiledSteps, type StepProgram } from './compiledStep.ts';
import { batchesOf } from './stepInputs.ts';
import { StepLog } from './stepLog.ts';

export interface TrainerConfig {
  readonly networkId: string;
  /** Of the network's own specs; defaults where absent. */
  readonly networkParams?: ParamValues;
  readonly methodId: string;
  readonly params: ParamValues;
  readonly seed: number;
  /** Updates of the whole run; the learning rate falls to 0 there. */
  readonly steps: number;
  /** One a class, from the source's labels (`classWeightsOf`): networks score as many classes. */
  readonly classWeights: Float32Array;
  /** Of every image. */
  readonly size: Size;
  /** Every operation by itself, as it comes: for debugging. The same bits, slower. Steps are compiled otherwise, on WebGPU. */
  readonly eager?: boolean;
  /** Steps that need more GPU memory are refused. */
  readonly memoryLimitBytes?: number;
}

/** Images in [-1, 1], [batch, height, width, 3], to class scores [batch, height, width, classes]. Call inside `tf.tidy`. */
export type Predict = (images: tf.Tensor4D) => tf.Tensor4D;

/**
 * Builds networks and optimisers on the open backend. Throws `config.invalid` for an unknown network or method, a parameter
 * that its specs do not accept, or a size that the network does not take. `network` is for networks that are not listed.
 */
export function createTrainer(config: TrainerConfig, network: NetworkEntry = networkEntry(config.networkId)): Trainer {
  const { networkParams = {}, methodId, params, seed, size, classWeights } = config;
  const method = methodEntry(methodId);
  refuseWrongSize(network.info, size);
  const weights = tf.tensor1d(classWeights, 'float32');
  const buildNetwork = (): Network =>
    network.build({
      seed,
      classes: classWeights.length,
      params: resolveParams(network.info.params ?? {}, networkParams),
    });
  try {
    return new Trainer(
      config,
      method,
      method.start({ params, seed, size, classWeights: weights, buildNetwork }),
      weights,
    );
  } catch (error) {
    weights.dispose();
    throw error;
  }
}

/** Made by {@link createTrainer}. */
export class Trainer {
  readonly config: TrainerConfig;
  readonly method: Method;
  readonly running: RunningMethod;
  /** Per-step losses on their way to the host. */
  readonly log: StepLog;
  /** Updates done. */
  step = 0;
  /** Compute dispatches of the last update; 0 without WebGPU. */
  stepDispatches = 0;
  /** Whether steps run eagerly, which may change between any two: the bits are the same. */
  eager: boolean;
  /** The next step is timed, dispatch by dispatch; it runs eagerly. */
  timesNextStep = false;
  /** Of the step that was timed last. */
  dispatchTimes: DispatchTimes | null = null;
  /** Its hold on the kernels of convolutions, which nobody exchanges while it is there; null where there are none to choose. */
  readonly kernels: RunKernels | null;
  private readonly classWeights: tf.Tensor1D;
  private readonly steps: CompiledSteps | null;
  private values: ParamValues;

  constructor(config: TrainerConfig, method: Method, running: RunningMethod, classWeights: tf.Tensor1D) {
    this.config = config;
    this.method = method;
    this.running = running;
    this.classWeights = classWeights;
    this.values = config.params;
    this.log = new StepLog(method.reports);
    this.kernels = canRunPrograms() ? kernelChoices().beginRun() : null;
    const { eager = false, memoryLimitBytes } = config;
    this.eager = eager;
    this.steps = canRunPrograms()
      ? new CompiledSteps(this.program, variablesOf(running.state), { memoryLimitBytes })
      : null;
  }

  /** Compiled steps; null where steps run eagerly. */
  get compiled(): CompiledSteps | null {
    return this.eager ? null : this.steps;
  }

  get info(): MethodInfo {
    return this.method.info;
  }

  /** What is made here, and shown: a segmenter to evaluate, or a translator of images. */
  get product(): Product {
    return this.running.product;
  }

  /** The network of the product: exported. */
  get network(): Network {
    return this.product.network;
  }

  get params(): ParamValues {
    return this.values;
  }

  /** Images per step and stream that a step has to be fed with. */
  get streams(): Streams {
    return this.method.streams(this.values);
  }

  /** One step, from its inputs to all declared losses, in order: a pure GPU program. Call inside `tf.tidy`. */
  readonly program: StepProgram = (inputs) => {
    const returned = this.running.step(batchesOf(inputs), inputs.planned);
    const losses = orderedLosses(returned, this.method.reports.step);
    return joinBatches(losses.map((loss) => tf.reshape(loss, [1]) as tf.Tensor1D));
  };

  /** Of a method that produces a segmenter. */
  readonly predict: Predict = (images) => {
    invariant(this.product.kind === 'segmenter', () => `${this.info.id} makes no predictions.`);
    return this.network.forward(images, 'evaluate');
  };

  /** New values for the next step on; what a method only reads when it is built stays. Throws `config.invalid`. */
  setParams(params: ParamValues): void {
    this.method.streams(params);
    this.values = params;
  }

  dispose(): void {
    const { networks, optimisers, buffers = {} } = this.running.state;
    const parts = [networks, optimisers, buffers].flatMap((roles) => Object.values(roles));
    for (const part of parts) part.dispose();
    this.steps?.dispose();
    this.kernels?.end();
    this.classWeights.dispose();
    this.log.dispose();
  }
}

/**
 * The per-step values of every `train/` metric since the last call, with one read-back; null if there are none.
 * Throws `train.diverged` if a loss is not finite.
 */
export function readMetrics(trainer: Trainer): Promise<MetricFrame | null> {
  return trainer.log.read();
}

function variablesOf({ networks, optimisers, buffers = {} }: MethodState): tf.Variable[] {
  return [
    ...Object.values(networks).flatMap(({ parameters }) => parameters.map(({ variable }) => variable)),
    ...Object.values(optimisers).flatMap(({ slots }) => slots.map(({ variable }) => variable)),
    ...Object.values(buffers),
  ];
}

function orderedLosses(returned: Readonly<Record<string, tf.Scalar>>, declared: readonly string[]): tf.Scalar[] {
  const names = Object.keys(returned);
  invariant(
    names.length === declared.length && declared.every((name) => name in returned),
    () => `The method declares the losses ${declared.join(', ')} and returned ${names.join(', ')}.`,
  );
  return declared.flatMap((name) => returned[name] ?? []);
}
