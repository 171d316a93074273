// The fused operations, each with its gradient where it has one, against what TensorFlow.js needs for the same.
import { argmaxConfidence } from '../../src/engine/ops/argmaxConfidence/argmaxConfidence.ts';
import { batchNorm } from '../../src/engine/ops/batchNorm/batchNorm.ts';
import { colourJitter } from '../../src/engine/ops/colourJitter/colourJitter.ts';
import { confusionCounts } from '../../src/engine/ops/confusionCounts/confusionCounts.ts';
import { entropyMap } from '../../src/engine/ops/entropyMap/entropyMap.ts';
import { groupNorm } from '../../src/engine/ops/groupNorm/groupNorm.ts';
import { instanceNorm } from '../../src/engine/ops/instanceNorm/instanceNorm.ts';
import { maxPool } from '../../src/engine/ops/maxPool/maxPool.ts';
import { mixBoxes } from '../../src/engine/ops/mix/mixRegions.ts';
import { resizeBilinear } from '../../src/engine/ops/resizeBilinear/resizeBilinear.ts';
import { softmaxCrossEntropy } from '../../src/engine/ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import * as tf from '../../src/engine/tf.ts';
import type { BenchCase, BenchDefinition, JaxWork, Work } from './benchCase.ts';
import { jaxCrossEntropy, jaxEntropy, jaxGroupNorm } from './jaxOps.ts';
import { labelValues, uniformTensor } from './randomTensor.ts';
import { enlarge, groupNormalise, weightedCrossEntropy } from './stockLayers.ts';
import {
  batchNormalise,
  countPairs,
  entropyOf,
  instanceNormalise,
  jittered,
  mixedByBoxes,
  pooled,
} from './stockOps.ts';

/** Sizes of all cases at once; the tests make them small. */
export interface OpScale {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}
export const STEP_SCALE: OpScale = { batch: 4, height: 64, width: 128 };

const CLASSES = 19;

export function opCases(scale: OpScale = STEP_SCALE): BenchDefinition[] {
  const { batch, height, width } = scale;
  const half = [batch, height / 2, width / 2] as const;
  const eighth = [batch, height / 8, width / 8] as const;
  const define = (name: string, pass: string, open: () => BenchCase): BenchDefinition => ({
    ...{ suite: 'ops', name, pass, count: 1, open },
  });
  return [
    define('group norm, ReLU', 'both', () => groupNormCase([...half, 12], false)),
    define('group norm, residual, ReLU', 'both', () => groupNormCase([...eighth, 48], true)),
    define('instance norm', 'both', () => instanceNormCase([...half, 24])),
    define('batch norm, ReLU', 'both', () => batchNormCase([...half, 64])),
    define('resize x2, half-pixel', 'both', () => enlargeCase([...half, CLASSES])),
    define('resize x8, corners', 'both', () => resizeCase([...eighth, CLASSES], [height, width])),
    define('cross-entropy', 'both', () => crossEntropyCase([batch, height, width, CLASSES])),
    define('entropy map', 'both', () => entropyCase([batch, height, width, CLASSES])),
    define('max-pool 3/2, ceil', 'both', () => maxPoolCase([...half, 64])),
    define('argmax, confidence', 'forward', () => argmaxCase([batch, height, width, CLASSES])),
    define('confusion counts', 'forward', () => confusionCase([batch, height, width])),
    define('CutMix', 'forward', () => mixCase([batch, height, width])),
    define('colour jitter', 'forward', () => jitterCase([batch, height, width, 3])),
  ];
}

type Shape4D = readonly [number, number, number, number];
interface Pair {
  readonly ours: Work;
  readonly stock: Work;
  readonly jax?: () => Promise<JaxWork>;
  readonly operands: readonly tf.Tensor[];
  /** Maps of the shape that are read and written at least, forward and back. */
  readonly maps: number;
  readonly tolerance?: number;
}

function caseOf(shape: readonly number[], { ours, stock, jax, operands, maps, tolerance = 1e-4 }: Pair): BenchCase {
  const size = shape.reduce((product, side) => product * side, 1);
  return {
    shape: shape.join('x'),
    flops: 0,
    bytes: 4 * size * maps,
    ours,
    stock: [{ way: 'composition', work: stock }],
    jax: jax ?? null,
    tolerance,
    dispose: () => tf.dispose([...operands]),
  };
}

/** Value and gradients of `compute` for the upstream gradient `dy`. */
function both(compute: (...xs: tf.Tensor[]) => tf.Tensor, inputs: readonly tf.Tensor[], dy: tf.Tensor): Work {
  const run = tf.valueAndGrads(compute);
  return () => {
    const { value, grads } = run([...inputs], dy);
    return [value, ...grads];
  };
}

function groupNormCase(shape: Shape4D, withResidual: boolean): BenchCase {
  const [batch, height, width, channels] = shape;
  const groups = Math.max(1, Math.floor(channels / 8));
  const x = uniformTensor(shape, 'x') as tf.Tensor4D;
  const gamma = uniformTensor([channels], 'gamma', 0.5, 1.5) as tf.Tensor1D;
  const beta = uniformTensor([channels], 'beta') as tf.Tensor1D;
  const residual = uniformTensor(shape, 'residual') as tf.Tensor4D;
  const dy = uniformTensor(shape, 'dy');
  const inputs = withResidual ? [x, gamma, beta, residual] : [x, gamma, beta];
  const ours = both(
    (x, gamma, beta, residual) =>
      groupNorm(x as tf.Tensor4D, {
        groups,
        gamma: gamma as tf.Tensor1D,
        beta: beta as tf.Tensor1D,
        activation: 'relu',
        ...(residual === undefined ? {} : { residual: residual as tf.Tensor4D }),
      }),
    inputs,
    dy,
  );
  const grouped: [number, number, number, number] = [batch, height * width, groups, channels / groups];
  const stock = both(
    (x, gamma, beta, residual) => {
      const y = groupNormalise(
        x as tf.Tensor4D,
        { gamma: gamma as tf.Tensor, beta: beta as tf.Tensor, epsilon: 1e-5 },
        grouped,
      );
      return tf.relu(residual === undefined ? y : tf.add(residual, y));
    },
    inputs,
    dy,
  );
  const jax = () =>
    jaxGroupNorm({ x, gamma, beta, residual: withResidual ? residual : null, dy: dy as tf.Tensor4D }, groups);
  return caseOf(shape, { ours, stock, jax, operands: [x, gamma, beta, residual, dy], maps: withResidual ? 8 : 6 });
}

function instanceNormCase(shape: Shape4D): BenchCase {
  const x = uniformTensor(shape, 'x');
  const dy = uniformTensor(shape, 'dy');
  return caseOf(shape, {
    ours: both((x) => instanceNorm(x as tf.Tensor4D), [x], dy),
    stock: both((x) => instanceNormalise(x as tf.Tensor4D), [x], dy),
    operands: [x, dy],
    maps: 6,
  });
}

function batchNormCase(shape: Shape4D): BenchCase {
  const channels = shape[3];
  const x = uniformTensor(shape, 'x');
  const gamma = uniformTensor([channels], 'gamma', 0.5, 1.5);
  const beta = uniformTensor([channels], 'beta');
  const dy = uniformTensor(shape, 'dy');
  const statistics = ['mean', 'variance'].map((name) => uniformTensor([channels], name, 0.5, 1));
  const [runningMean, runningVariance, mean, variance] = [...statistics, ...statistics].map((start) =>
    tf.variable(start),
  ) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const ours = both(
    (x, gamma, beta) => {
      const state = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, runningMean, runningVariance };
      return batchNorm(x as tf.Tensor4D, state, { mode: 'train', training: true, activation: 'relu' });
    },
    [x, gamma, beta],
    dy,
  );
  const stock = both(
    (x, gamma, beta) => {
      const { y, running } = batchNormalise(x as tf.Tensor4D, {
        ...{ gamma: gamma as tf.Tensor, beta: beta as tf.Tensor, mean, variance },
      });
      const [newMean, newVariance] = running as [tf.Tensor, tf.Tensor];
      mean.assign(newMean);
      variance.assign(newVariance);
      return tf.relu(y);
    },
    [x, gamma, beta],
    dy,
  );
  const operands = [x, gamma, beta, dy, ...statistics, runningMean, runningVariance, mean, variance];
  return caseOf(shape, { ours, stock, operands, maps: 6 });
}

function enlargeCase(shape: Shape4D): BenchCase {
  const [batch, height, width, channels] = shape;
  const x = uniformTensor(shape, 'x');
  const dy = uniformTensor([batch, 2 * height, 2 * width, channels], 'dy');
  const size = [2 * height, 2 * width] as const;
  return caseOf(shape, {
    ours: both((x) => resizeBilinear(x as tf.Tensor4D, size, { alignCorners: false }), [x], dy),
    stock: both((x) => enlarge(x as tf.Tensor4D), [x], dy),
    operands: [x, dy],
    maps: 10,
  });
}

function resizeCase(shape: Shape4D, size: readonly [number, number]): BenchCase {
  const [batch, height, width, channels] = shape;
  const x = uniformTensor(shape, 'x');
  const dy = uniformTensor([batch, ...size, channels], 'dy');
  return caseOf(shape, {
    ours: both((x) => resizeBilinear(x as tf.Tensor4D, size, { alignCorners: true }), [x], dy),
    stock: both((x) => tf.image.resizeBilinear(x as tf.Tensor4D, [...size], true), [x], dy),
    operands: [x, dy],
    maps: 2 + (2 * size[0] * size[1]) / (height * width),
  });
}

function crossEntropyCase(shape: Shape4D): BenchCase {
  const [batch, height, width, classes] = shape;
  const logits = uniformTensor(shape, 'logits', -4, 4) as tf.Tensor4D;
  const labels = labelsOf([batch, height, width], 'labels');
  const classWeights = uniformTensor([classes], 'weights', 0.35, 4) as tf.Tensor1D;
  const dy = tf.scalar(1);
  return caseOf(shape, {
    ours: both(
      (z) => softmaxCrossEntropy(z as tf.Tensor4D, labels, { classWeights, divideBy: 'weights' }),
      [logits],
      dy,
    ),
    stock: both((z) => weightedCrossEntropy(z as tf.Tensor4D, labels, classWeights), [logits], dy),
    jax: () => jaxCrossEntropy(logits, labels, classWeights),
    operands: [logits, labels, classWeights, dy],
    maps: 3,
  });
}

function entropyCase(shape: Shape4D): BenchCase {
  const logits = uniformTensor(shape, 'logits', -4, 4) as tf.Tensor4D;
  const dy = uniformTensor(shape, 'dy') as tf.Tensor4D;
  return caseOf(shape, {
    ours: both((z) => entropyMap(z as tf.Tensor4D), [logits], dy),
    stock: both((z) => entropyOf(z as tf.Tensor4D), [logits], dy),
    jax: () => jaxEntropy(logits, dy),
    operands: [logits, dy],
    maps: 5,
  });
}

function maxPoolCase(shape: Shape4D): BenchCase {
  const [batch, height, width, channels] = shape;
  const x = uniformTensor(shape, 'x', 0, 1);
  const dy = uniformTensor([batch, Math.ceil((height - 1) / 2) + 1, Math.ceil((width - 1) / 2) + 1, channels], 'dy');
  return caseOf(shape, {
    ours: both((x) => maxPool(x as tf.Tensor4D, { kernel: 3, stride: 2, padding: 1, ceilMode: true }), [x], dy),
    stock: both((x) => pooled(x as tf.Tensor4D), [x], dy),
    operands: [x, dy],
    maps: 3.5,
  });
}

function argmaxCase(shape: Shape4D): BenchCase {
  const logits = uniformTensor(shape, 'logits', -4, 4) as tf.Tensor4D;
  return caseOf(shape, {
    ours: () => {
      const { classes, confidence } = argmaxConfidence(logits);
      return [classes, confidence];
    },
    stock: () => [tf.argMax(logits, -1), tf.max(tf.softmax(logits), -1)],
    operands: [logits],
    maps: 1,
  });
}

function confusionCase(shape: readonly [number, number, number]): BenchCase {
  const truth = labelsOf(shape, 'truth');
  const predicted = labelsOf(shape, 'predicted');
  return caseOf(shape, {
    ours: () => [confusionCounts(truth, predicted, CLASSES)],
    stock: () => [countPairs(truth, predicted, CLASSES)],
    operands: [truth, predicted],
    maps: 2,
    tolerance: 0,
  });
}

function mixCase(shape: readonly [number, number, number]): BenchCase {
  const [batch, height, width] = shape;
  const of = (name: string) => ({
    images: uniformTensor([...shape, 3], `${name} images`) as tf.Tensor4D,
    labels: labelsOf(shape, `${name} labels`),
  });
  const inside = of('inside');
  const outside = of('outside');
  const boxes = tf.tensor2d(Array.from({ length: batch }, (_, i) => [i, 2 * i, height / 2 + i, width / 2 + i]));
  return caseOf(shape, {
    ours: () => {
      const { images, labels } = mixBoxes(inside, outside, boxes);
      return [images, labels];
    },
    stock: () => mixedByBoxes(inside, outside, boxes),
    operands: [inside.images, inside.labels, outside.images, outside.labels, boxes],
    maps: 12,
  });
}

function jitterCase(shape: Shape4D): BenchCase {
  const images = uniformTensor(shape, 'images') as tf.Tensor4D;
  const factors = uniformTensor([shape[0], 6], 'factors', 0.6, 1.4) as tf.Tensor2D;
  return caseOf(shape, {
    ours: () => [colourJitter(images, factors)],
    stock: () => [jittered(images, factors)],
    operands: [images, factors],
    maps: 3,
  });
}

function labelsOf(shape: readonly [number, number, number], name: string): tf.Tensor3D {
  const count = shape[0] * shape[1] * shape[2];
  return tf.tensor3d(Int32Array.from(labelValues(count, CLASSES, name)), [...shape], 'int32');
}
