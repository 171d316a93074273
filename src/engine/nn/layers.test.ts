import { describe, expect, it } from 'vitest';
import { readAll } from '../backend/readback.ts';
import * as tf from '../tf.ts';
import { batchNormalisation, type Phase } from './layers.ts';
import { ParameterScope } from './parameters.ts';

describe('batchNormalisation', () => {
  // One channel with the values 1 and 3: mean 2, variance 1, unbiased variance 2.
  const valuesAfter = async (mode: 'frozen' | 'train', phase: Phase) => {
    const scope = new ParameterScope({ seed: 1 });
    const layer = batchNormalisation(scope, 1, mode);
    const y = tf.tidy(() => layer(tf.tensor4d([1, 3], [1, 1, 2, 1]), phase));
    const variables = scope.parameters.map(({ variable }) => variable);
    const [output, ...state] = await readAll([y, ...variables]);
    tf.dispose([y, ...variables]);
    const entries = scope.parameters.map(({ name }, i) => [name, state[i]![0]] as const);
    return { output: [...output!], state: Object.fromEntries(entries) };
  };

  it.each([
    ['train', 0.2, 0.9 + 0.1 * 2],
    ['recompute', 0, 1],
  ] as const)('normalises by the batch in phase %s, its running mean is then %d', async (phase, mean, variance) => {
    const { output, state } = await valuesAfter('train', phase);
    expect(output[0]).toBeCloseTo(-1, 4);
    expect(output[1]).toBeCloseTo(1, 4);
    expect(state.running_mean).toBeCloseTo(mean, 6);
    expect(state.running_var).toBeCloseTo(variance, 6);
  });

  it.each([
    ['train', 'evaluate'],
    ['frozen', 'train'],
  ] as const)('uses its running statistics and leaves them alone: mode %s, phase %s', async (mode, phase) => {
    const { output, state } = await valuesAfter(mode, phase);
    expect(output[0]).toBeCloseTo(1, 4);
    expect(output[1]).toBeCloseTo(3, 4);
    expect(state).toEqual({ weight: 1, bias: 0, running_mean: 0, running_var: 1 });
  });
});
