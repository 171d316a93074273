// Updates of a whole group of parameters: one of ours against what TensorFlow.js's optimisers do parameter by parameter.
import type { OpBench, OpBenchCase, Work } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { adamCorrections, adamUpdate } from './adamUpdate.ts';
import { emaUpdate } from './emaUpdate.ts';
import { sgdUpdate } from './sgdUpdate.ts';

const RATE = 1e-3;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
const MOMENTUM = 0.9;
const DECAY = 0.99;

export const benches: readonly OpBench[] = [
  { name: 'Adam', pass: 'update', open: ({ parameters }) => openGroup(parameters, 7, adamPair) },
  { name: 'SGD, momentum', pass: 'update', open: ({ parameters }) => openGroup(parameters, 5, sgdPair) },
  { name: 'moving average', pass: 'update', open: ({ parameters }) => openGroup(parameters, 3, emaPair) },
];

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
): OpBenchCase {
  const starts = shapes.map((shape, i) => uniformTensor(shape, `start ${i}`));
  const gradients = shapes.map((shape, i) => uniformTensor(shape, `gradient ${i}`));
  const size = starts.reduce((sum, x) => sum + x.size, 0);
  const variablesOf = (): tf.Variable[] => starts.map((x) => tf.variable(tf.mul(x, 1)));
  const [ours, stock] = [variablesOf(), variablesOf()];
  const slots = [tf.variable(tf.zeros([size])), tf.variable(tf.zeros([size]))] as const;
  const { ours: run, stock: stockRun } = pair({ ours, stock, gradients, slots });
  return {
    shape: `${shapes.length} tensors, ${size} values`,
    bytes: 4 * size * maps,
    ours: run,
    stock: [{ way: 'its optimiser', work: stockRun }],
    tolerance: 1e-5,
    operands: {},
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
