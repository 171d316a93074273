// Updates of a whole group of parameters: one of ours against what TensorFlow.js's optimisers do parameter by parameter.
import { adamCorrections, adamUpdate } from '../../src/engine/ops/optimise/adamUpdate.ts';
import { emaUpdate } from '../../src/engine/ops/optimise/emaUpdate.ts';
import { sgdUpdate } from '../../src/engine/ops/optimise/sgdUpdate.ts';
import * as tf from '../../src/engine/tf.ts';
import type { BenchCase, BenchDefinition, Work } from './benchCase.ts';
import { uniformTensor } from './randomTensor.ts';

const RATE = 1e-3;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
const MOMENTUM = 0.9;
const DECAY = 0.99;

export function optimiserCases(shapes: readonly (readonly number[])[]): BenchDefinition[] {
  const define = (
    name: string,
    maps: number,
    pair: (group: Group) => { ours: Work; stock: Work },
  ): BenchDefinition => ({
    ...{ suite: 'ops', name, pass: 'update', count: 1 },
    open: () => openGroup(shapes, maps, pair),
  });
  return [define('Adam', 7, adamPair), define('SGD, momentum', 5, sgdPair), define('moving average', 3, emaPair)];
}

interface Group {
  readonly ours: tf.Variable[];
  readonly stock: tf.Variable[];
  readonly gradients: tf.Tensor[];
  readonly slots: readonly [tf.Variable, tf.Variable];
}

function openGroup(
  shapes: readonly (readonly number[])[],
  maps: number,
  pair: (group: Group) => { ours: Work; stock: Work },
): BenchCase {
  const starts = shapes.map((shape, i) => uniformTensor(shape, `start ${i}`));
  const gradients = shapes.map((shape, i) => uniformTensor(shape, `gradient ${i}`));
  const size = starts.reduce((sum, x) => sum + x.size, 0);
  const variablesOf = (): tf.Variable[] => starts.map((x) => tf.variable(tf.mul(x, 1)));
  const [ours, stock] = [variablesOf(), variablesOf()];
  const slots = [tf.variable(tf.zeros([size])), tf.variable(tf.zeros([size]))] as const;
  const { ours: run, stock: stockRun } = pair({ ours, stock, gradients, slots });
  return {
    shape: `${shapes.length} tensors, ${size} values`,
    flops: 0,
    bytes: 4 * size * maps,
    ours: run,
    stock: [{ way: 'its optimiser', work: stockRun }],
    jax: null,
    tolerance: 1e-5,
    dispose: () => tf.dispose([...starts, ...gradients, ...ours, ...stock, ...slots]),
  };
}

/** The variables' values: free, since a clone shares the buffer, and disposed of before the next update. */
const valuesOf = (variables: readonly tf.Variable[]): tf.Tensor[] => variables.map((variable) => tf.clone(variable));

const named = (variables: readonly tf.Variable[], gradients: readonly tf.Tensor[]) =>
  variables.map(({ name }, i) => ({ name, tensor: gradients[i] as tf.Tensor }));

function adamPair({ ours, stock, gradients, slots: [firstMoment, secondMoment] }: Group) {
  const optimiser = tf.train.adam(RATE, BETA1, BETA2, EPSILON);
  let step = 0;
  return {
    ours: () => {
      step += 1;
      const settings = { learningRate: RATE, ...adamCorrections(step, BETA1, BETA2), beta1: BETA1, beta2: BETA2 };
      adamUpdate({ parameters: ours, gradients, firstMoment, secondMoment }, { ...settings, epsilon: EPSILON });
      return valuesOf(ours);
    },
    stock: () => {
      optimiser.applyGradients(named(stock, gradients));
      return valuesOf(stock);
    },
  };
}

function sgdPair({ ours, stock, gradients, slots: [velocity] }: Group) {
  const optimiser = tf.train.momentum(RATE, MOMENTUM);
  return {
    ours: () => {
      sgdUpdate({ parameters: ours, gradients, velocity }, { learningRate: RATE, momentum: MOMENTUM, weightDecay: 0 });
      return valuesOf(ours);
    },
    stock: () => {
      optimiser.applyGradients(named(stock, gradients));
      return valuesOf(stock);
    },
  };
}

function emaPair({ ours, stock, gradients }: Group) {
  return {
    ours: () => {
      emaUpdate({ averages: ours, values: gradients }, DECAY);
      return valuesOf(ours);
    },
    stock: () => {
      stock.forEach((average, i) => {
        const value = gradients[i] as tf.Tensor;
        average.assign(tf.add(tf.mul(average, DECAY), tf.mul(value, 1 - DECAY)));
      });
      return valuesOf(stock);
    },
  };
}
