import { describe, expect, it } from 'vitest';
import { dispatchesOf, filled } from '../../testing/opDispatches.ts';
import { canRunPrograms } from '../gpu/program.ts';
import { constant, ParameterScope } from '../nn/parameters.ts';
import * as tf from '../tf.ts';
import { ADAM_DEFAULTS, adamPlan, createAdam, createSgd, slotGroups } from './optimiser.ts';

const GRADIENTS = [0.5, -2, 0.25];

/** One parameter of one value beside a frozen one, updated with GRADIENTS in turn. */
async function updated(run: (scope: ParameterScope) => (gradient: tf.Tensor, k: number) => void): Promise<number> {
  const scope = new ParameterScope({ seed: 1 });
  const weight = scope.weight('weight', [1], constant(1));
  scope.statistic('running_mean', [1], constant(7));
  const apply = run(scope);
  GRADIENTS.forEach((gradient, k) => {
    tf.tidy(() => apply(tf.tensor1d([gradient]), k));
  });
  const [value = Number.NaN] = await weight.data();
  for (const { variable } of scope.parameters) variable.dispose();
  return value;
}

describe('createAdam', () => {
  it('computes AdamW, with corrections from the plan', async () => {
    const options = { ...ADAM_DEFAULTS, weightDecay: 0.1 };
    const value = await updated((scope) => {
      const adam = createAdam(scope.parameters, options);
      return (gradient, k) => {
        const { lr, correction1, correction2 } = adamPlan(0.01, k, options);
        const rates = { lr: tf.scalar(lr), correction1: tf.scalar(correction1), correction2: tf.scalar(correction2) };
        adam.apply([gradient], rates);
        if (k === GRADIENTS.length - 1) adam.dispose();
      };
    });
    let [w, m, v] = [1, 0, 0];
    GRADIENTS.forEach((g, k) => {
      w -= 0.01 * 0.1 * w;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= (0.01 * (m / (1 - 0.9 ** (k + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (k + 1))) + 1e-8);
    });
    expect(value).toBeCloseTo(w, 6);
  });
});

describe('createSgd', () => {
  it.each([false, true])('computes momentum with weight decay (nesterov %s)', async (nesterov) => {
    const value = await updated((scope) => {
      const sgd = createSgd(scope.parameters, { momentum: 0.9, weightDecay: 0.1, nesterov });
      return (gradient, k) => {
        sgd.apply([gradient], { lr: tf.scalar(0.01) });
        if (k === GRADIENTS.length - 1) sgd.dispose();
      };
    });
    let [w, v] = [1, 0];
    for (const gradient of GRADIENTS) {
      const g = gradient + 0.1 * w;
      v = 0.9 * v + g;
      w -= 0.01 * (nesterov ? g + 0.9 * v : v);
    }
    expect(value).toBeCloseTo(w, 6);
  });
});

if (canRunPrograms()) {
  it('an optimiser changes all parameters, as many as buffers can be bound, in one dispatch', () => {
    const scope = new ParameterScope({ seed: 1 });
    const shapes = [[3, 2], [4], [1, 6]];
    for (const [i, shape] of shapes.entries()) scope.weight(`w${i}`, shape, constant(0.5));
    const gradients = shapes.map((shape) => filled(shape));
    const [sgd, adam] = [
      createSgd(scope.parameters, { momentum: 0.9, weightDecay: 0.1, nesterov: true }),
      createAdam(scope.parameters.slice(0, 1), ADAM_DEFAULTS),
    ];
    const lr = tf.tidy(() => tf.variable(tf.scalar(0.1)) as tf.Tensor as tf.Scalar);
    expect(dispatchesOf(() => sgd.apply(gradients, { lr }))).toBe(1);
    expect(dispatchesOf(() => adam.apply(gradients.slice(0, 1), { lr, correction1: lr, correction2: lr }))).toBe(1);
    sgd.dispose();
    adam.dispose();
    for (const { variable } of scope.parameters) variable.dispose();
    tf.dispose([lr, ...gradients]);
  });
}

describe('slotGroups', () => {
  it('keeps the order, and fills a slot only as far as it goes', () => {
    const scope = new ParameterScope({ seed: 1 });
    for (const [i, size] of [3, 4, 2, 9, 1].entries()) scope.weight(`w${i}`, [size], constant(0));
    const names = (most: number) => slotGroups(scope.parameters, most).map((group) => group.map(({ name }) => name));
    expect(names(7)).toEqual([['w0', 'w1'], ['w2'], ['w3'], ['w4']]);
    expect(names(100)).toEqual([['w0', 'w1', 'w2', 'w3', 'w4']]);
    expect(slotGroups([])).toEqual([]);
    for (const { variable } of scope.parameters) variable.dispose();
  });
});
