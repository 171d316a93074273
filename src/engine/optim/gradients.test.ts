import { describe, expect, it } from 'vitest';
import { readScalars } from '../backend/readback.ts';
import { constant, ParameterScope } from '../nn/parameters.ts';
import * as tf from '../tf.ts';
import { gradientsOf } from './gradients.ts';

function scopeOfTwo(): ParameterScope {
  const scope = new ParameterScope({ seed: 1 });
  scope.weight('a', [], constant(3));
  scope.weight('b', [], constant(5));
  return scope;
}
const dispose = ({ parameters }: ParameterScope): void => {
  for (const { variable } of parameters) variable.dispose();
};

describe('gradientsOf', () => {
  it('gives the gradients of the total, the terms, and no tensor more', async () => {
    const scope = scopeOfTwo();
    const [a, b] = scope.parameters.map(({ variable }) => variable) as [tf.Variable, tf.Variable];
    const before = tf.memory().numTensors;
    const result = tf.tidy(() => {
      const { terms, gradients } = gradientsOf(scope.parameters, () => {
        const product = tf.mul(a, b) as tf.Scalar;
        const square = tf.square(a) as tf.Scalar;
        return { total: tf.add(product, tf.mul(square, 10)) as tf.Scalar, terms: { product, square } };
      });
      return { ...terms, da: gradients[0] as tf.Scalar, db: gradients[1] as tf.Scalar };
    });
    expect(await readScalars(result)).toEqual({ product: 15, square: 9, da: 65, db: 3 });
    tf.dispose(result);
    expect(tf.memory().numTensors).toBe(before);
    dispose(scope);
  });

  it('names a parameter that the loss does not depend on', () => {
    const scope = scopeOfTwo();
    const [a] = scope.parameters;
    const total = (): tf.Scalar => tf.square(a!.variable) as tf.Scalar;
    const attempt = () =>
      tf.tidy(() => {
        gradientsOf(scope.parameters, () => ({ total: total(), terms: {} }));
      });
    expect(attempt).toThrow(/"b"/);
    dispose(scope);
  });
});
