import { describe, expect, it } from 'vitest';
import { readAll } from '../gpu/readback.ts';
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

  it('normalises by the batch and moves its running statistics only in training', async () => {
    const { output, state } = await valuesAfter('train', 'train');
    expect(output[0]).toBeCloseTo(-1, 4);
    expect(output[1]).toBeCloseTo(1, 4);
    expect(state.running_mean).toBeCloseTo(0.2, 6);
    expect(state.running_var).toBeCloseTo(0.9 + 0.1 * 2, 6);
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
