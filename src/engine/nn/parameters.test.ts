import { afterEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../domain/errors.ts';
import { convolution } from './layers.ts';
import { constant, ParameterScope, uniformByFanIn } from './parameters.ts';

const scopes: ParameterScope[] = [];
const scopeOf = (seed: number): ParameterScope => {
  const scope = new ParameterScope({ seed });
  scopes.push(scope);
  return scope;
};
afterEach(() => {
  for (const { parameters } of scopes.splice(0)) for (const { variable } of parameters) variable.dispose();
});
const valuesOf = async (scope: ParameterScope, name: string): Promise<number[]> => {
  const found = scope.parameters.find((parameter) => parameter.name === name);
  return [...(await found!.variable.data())];
};

describe('ParameterScope', () => {
  it('names arrays by their path', () => {
    const scope = scopeOf(1);
    convolution(scope.child('blocks').child(0), { from: 2, to: 3, kernel: 1, bias: true });
    expect(scope.parameters.map(({ name }) => name)).toEqual(['blocks.0.weight', 'blocks.0.bias']);
  });

  it('draws each array from its seed and name alone', async () => {
    const [alone, among, other] = [scopeOf(1), scopeOf(1), scopeOf(2)];
    alone.weight('b', [50], uniformByFanIn(4));
    among.weight('a', [7], uniformByFanIn(4));
    among.weight('b', [50], uniformByFanIn(4));
    other.weight('b', [50], uniformByFanIn(4));
    const values = await valuesOf(alone, 'b');
    expect(await valuesOf(among, 'b')).toEqual(values);
    expect(await valuesOf(other, 'b')).not.toEqual(values);
  });

  it('refuses two arrays of one name', () => {
    const scope = scopeOf(1);
    scope.weight('a', [1], constant(0));
    expect(() => scope.weight('a', [1], constant(0))).toThrow(StudioError);
  });
});

describe('convolution', () => {
  it("starts as PyTorch's: uniform in ±1/sqrt(fan-in), weights and bias", async () => {
    const scope = scopeOf(3);
    convolution(scope, { from: 16, to: 32, kernel: 3, bias: true });
    const bound = 1 / Math.sqrt(16 * 9);
    const weights = await valuesOf(scope, 'weight');
    expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.99 * bound);
    // The variance of a uniform distribution is bound^2 / 3; 4608 samples fix it to a few percent.
    const variance = weights.reduce((sum, x) => sum + x * x, 0) / weights.length;
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
    expect(Math.max(...(await valuesOf(scope, 'bias')).map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
  });
});
