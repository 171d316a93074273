// Training steps of `lite` written plainly in TensorFlow.js: its optimisers, its operations, its variables. The weights start as
// copies of ours, the rates follow ours.
import type { HostBatch } from '../../src/domain/dataset.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { Parameter } from '../../src/engine/nn/parameters.ts';
import { weightedCrossEntropy } from '../../src/engine/ops/softmaxCrossEntropy/softmaxCrossEntropy.bench.ts';
import * as tf from '../../src/engine/tf.ts';
import type { DilationWay, Weights } from './stockLayers.ts';
import { stockDiscriminator, stockLite } from './stockLite.ts';

/** Adam whose rate may change from step to step, as a schedule needs it. */
class ScheduledAdam extends tf.AdamOptimizer {
  setRate(rate: number): void {
    this.learningRate = rate;
  }
}

interface Part {
  readonly weights: Weights;
  readonly variables: tf.Variable[];
  readonly optimiser: ScheduledAdam;
}

export interface StockRates {
  readonly lr: number;
  readonly lrDiscriminator: number;
}

export interface StockSettings {
  readonly classWeights: Float32Array;
  readonly lambdaAdv: number;
  readonly temperature: number;
  readonly way: DilationWay;
}

/** One step; the losses are the caller's. Labels of `target` are not looked at. */
export type StockStep = (source: HostBatch, target: HostBatch | null, rates: StockRates) => tf.Scalar[];

/** `discriminator` is null for training on the source alone. */
export function createStockTrainer(
  segmenter: readonly Parameter[],
  discriminator: readonly Parameter[] | null,
  settings: StockSettings,
): { readonly step: StockStep; dispose(): void } {
  const classWeights = tf.tensor1d(settings.classWeights);
  const network = partOf(segmenter, 0.999);
  const judge = discriminator === null ? null : partOf(discriminator, 0.99);
  return {
    step: (source, target, rates) => {
      network.optimiser.setRate(rates.lr);
      judge?.optimiser.setRate(rates.lrDiscriminator);
      if (judge === null || target === null) return [sourceStep(network, source, classWeights, settings)];
      return adversarialStep({ network, judge, classWeights }, source, target, settings);
    },
    dispose: () => {
      classWeights.dispose();
      for (const part of [network, judge]) {
        tf.dispose(part?.variables ?? []);
        part?.optimiser.dispose();
      }
    },
  };
}

function partOf(parameters: readonly Parameter[], beta2: number): Part {
  const entries = parameters.map(({ name, variable }) => {
    const start = tf.mul(variable, 1); // a copy: `clone` would share the buffer that our optimisers write in place
    const copy = tf.variable(start);
    start.dispose();
    return [name, copy] as const;
  });
  const byName = new Map(entries);
  return {
    weights: (name) => {
      const variable = byName.get(name);
      invariant(variable, () => `The network has no parameter "${name}".`);
      return variable;
    },
    variables: entries.map(([, variable]) => variable),
    optimiser: new ScheduledAdam(0, 0.9, beta2, 1e-8),
  };
}

const imagesOf = ({ count, size, images }: HostBatch): tf.Tensor4D =>
  tf.sub(tf.div(tf.tensor4d(Int32Array.from(images), [count, size.height, size.width, 3], 'int32'), 127.5), 1);

function labelsOf({ count, size, labels }: HostBatch): tf.Tensor3D {
  invariant(labels, () => 'The source has labels.');
  return tf.tensor3d(Int32Array.from(labels), [count, size.height, size.width], 'int32');
}

function sourceStep(
  { weights, variables, optimiser }: Part,
  source: HostBatch,
  classWeights: tf.Tensor1D,
  { way }: StockSettings,
): tf.Scalar {
  const loss = optimiser.minimize(
    () => weightedCrossEntropy(stockLite(weights, imagesOf(source), way), labelsOf(source), classWeights),
    true,
    variables,
  );
  invariant(loss, () => 'The optimiser was asked for the loss.');
  return loss;
}

function adversarialStep(
  { network, judge, classWeights }: { network: Part; judge: Part; classWeights: tf.Tensor1D },
  source: HostBatch,
  target: HostBatch,
  { lambdaAdv, temperature, way }: StockSettings,
): tf.Scalar[] {
  const kept: tf.Tensor[] = [];
  const keep = <T extends tf.Tensor>(x: T): T => {
    kept.push(tf.keep(tf.clone(x)));
    return x;
  };
  const mapOf = (logits: tf.Tensor4D): tf.Tensor4D =>
    tf.avgPool(tf.softmax(tf.div(logits, temperature)) as tf.Tensor4D, 4, 4, 'valid');
  const { value, grads } = tf.variableGrads(() => {
    // Both domains in one pass: half the dispatches, and the same numbers.
    const images = tf.concat([imagesOf(source), imagesOf(target)], 0);
    const [ours, theirs] = tf.split(stockLite(network.weights, images, way), [source.count, target.count], 0) as [
      tf.Tensor4D,
      tf.Tensor4D,
    ];
    const segmentation = keep(weightedCrossEntropy(ours, labelsOf(source), classWeights));
    keep(mapOf(ours));
    const adversarial = keep(isJudged(judge.weights, keep(mapOf(theirs)), 0));
    return tf.add(segmentation, tf.mul(adversarial, lambdaAdv)) as tf.Scalar;
  }, network.variables);
  value.dispose();
  const [segmentation, sourceMap, targetMap, adversarial] = kept as [tf.Scalar, tf.Tensor4D, tf.Tensor4D, tf.Scalar];
  const judged = tf.variableGrads(
    () =>
      tf.mul(tf.add(isJudged(judge.weights, sourceMap, 0), isJudged(judge.weights, targetMap, 1)), 0.5) as tf.Scalar,
    judge.variables,
  );
  network.optimiser.applyGradients(listed(grads));
  judge.optimiser.applyGradients(listed(judged.grads));
  tf.dispose([grads, judged.grads, sourceMap, targetMap]);
  return [segmentation, adversarial, judged.value];
}

const listed = (gradients: tf.NamedTensorMap) => Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));

/** Cross-entropy of the discriminator's answers against one label: 0 for the source, 1 for the target. */
function isJudged(weights: Weights, maps: tf.Tensor4D, label: 0 | 1): tf.Scalar {
  const logits = stockDiscriminator(weights, maps);
  return tf.losses.sigmoidCrossEntropy(tf.fill(logits.shape, label), logits) as tf.Scalar;
}
