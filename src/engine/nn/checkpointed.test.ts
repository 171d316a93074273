import { afterEach, describe, expect, it } from 'vitest';
import type { ParamValues } from '../../domain/params.ts';
import { RandomStream } from '../../domain/rng.ts';
import { leavesBehind } from '../../testing/sharedEngine.ts';
import { readAll } from '../backend/readback.ts';
import { deepLabV2 } from '../networks/deepLabV2.ts';
import { networkEntry } from '../networks/registry.ts';
import { gradientsOf } from '../optim/gradients.ts';
import * as tf from '../tf.ts';
import { checkpointed } from './checkpointed.ts';
import { batchNormalisation, convolution, sequence } from './layers.ts';
import { type Parameter, ParameterScope, uniformByFanIn } from './parameters.ts';

const open: Parameter[][] = [];
afterEach(() => {
  for (const parameters of open.splice(0)) tf.dispose(parameters.map(({ variable }) => variable));
});

function noise(shape: [number, number, number, number], key: string): tf.Tensor4D {
  const random = new RandomStream(7, key);
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
  );
}

type Mode = 'frozen' | 'adaptsegnet' | 'train';

/** Two layers that are kept, around two that are computed again where `checkpoint` says so. */
function sandwich(mode: Mode, checkpoint: boolean) {
  const scope = new ParameterScope({ seed: 3 });
  const part = (name: string, from: number, to: number) =>
    sequence(
      convolution(scope.child(name), { from, to, kernel: 3, start: uniformByFanIn(9 * from) }),
      batchNormalisation(scope.child(`${name}n`), to, mode, 'relu'),
    );
  const first = part('first', 3, 4);
  const before = scope.parameters.length;
  const inner = sequence(part('second', 4, 5), part('third', 5, 4));
  const own = scope.parameters.slice(before);
  const last = convolution(scope.child('last'), { from: 4, to: 2, kernel: 1 });
  open.push([...scope.parameters]);
  return { scope, layer: sequence(first, checkpoint ? checkpointed(inner, own) : inner, last) };
}

/** Everything that one training step leaves: scores, gradients to image and trained parameters, running statistics. */
async function stepOf(mode: Mode, checkpoint: boolean): Promise<Record<string, number[]>> {
  const { scope, layer } = sandwich(mode, checkpoint);
  const before = tf.memory().numTensors;
  const trained = scope.parameters.filter(({ trainable }) => trainable);
  const names = ['scores', 'image', ...trained.map(({ name }) => `d ${name}`)];
  const results = tf.tidy(() => {
    const image = tf.variable(noise([2, 7, 6, 3], 'image'));
    let scores: tf.Tensor | undefined;
    const { grads } = tf.variableGrads(() => {
      const y = layer(image as tf.Tensor4D, 'train');
      scores = tf.keep(tf.clone(y));
      return tf.sum(tf.mul(y, noise([2, 7, 6, 2], 'dy')));
    }, [image, ...trained.map(({ variable }) => variable)]);
    const dImage = grads[image.name]!;
    image.dispose();
    return [scores!, dImage, ...trained.map(({ variable }) => grads[variable.name]!)];
  });
  expect(tf.memory().numTensors - before).toBe(results.length);
  const statistics = scope.parameters.filter(({ kind }) => kind === 'statistic');
  const values = await readAll([...results, ...statistics.map(({ variable }) => variable)]);
  tf.dispose(results);
  return Object.fromEntries(
    [...names, ...statistics.map(({ name }) => name)].map((name, i) => [name, [...values[i]!]]),
  );
}

describe('checkpointed', () => {
  it.each(['frozen', 'adaptsegnet', 'train'] as const)(
    'gives the same bits and follows the batch once, batch normalisation %s',
    async (mode) => {
      const plain = await stepOf(mode, false);
      expect(await stepOf(mode, true)).toEqual(plain);
      const mean = plain['secondn.running_mean']!;
      expect(mean.every((value) => value === 0)).toBe(mode === 'frozen');
    },
  );

  it('keeps its input alone between the passes', () => {
    const kept = (checkpoint: boolean): number => {
      const { scope, layer } = sandwich('train', checkpoint);
      const image = noise([1, 4, 4, 3], 'image');
      const before = tf.memory().numTensors;
      let held = 0;
      tf.tidy(() => {
        tf.variableGrads(
          () => {
            const y = tf.tidy(() => layer(image, 'train'));
            held = tf.memory().numTensors - before;
            return tf.sum(y) as tf.Scalar;
          },
          scope.parameters.flatMap(({ trainable, variable }) => (trainable ? [variable] : [])),
        );
      });
      image.dispose();
      return held;
    };
    expect(kept(true)).toBeLessThan(kept(false));
  });

  it('says so if a parameter is not its own', () => {
    const { scope } = sandwich('train', false);
    const stranger = scope.parameters.slice(0, 1);
    const layer = checkpointed((x) => tf.mul(x, 2), stranger);
    const image = noise([1, 2, 2, 3], 'image');
    const attempt = () => tf.tidy(() => void tf.grad((x) => tf.sum(layer(x as tf.Tensor4D, 'train')))(image));
    expect(attempt).toThrow(expect.objectContaining({ code: 'internal.invariant' }));
    image.dispose();
    leavesBehind(2); // what the tape had saved
  });
});

describe('a check-pointed network', { timeout: 120_000 }, () => {
  const gradients = (checkpoint: boolean, multiLevel: boolean): Promise<Float32Array[]> => {
    const scope = new ParameterScope({ seed: 5 });
    const { main, both } = deepLabV2(scope, {
      ...{ blocks: [1, 4, 1, 1], width: 4, strideIn: 'conv1', batchNorm: 'train', checkpoint },
      ...{ classes: 3, rates: [1, 2], summed: 2, multiLevel },
    });
    open.push([...scope.parameters]);
    const results = tf.tidy(() => {
      const trained = scope.parameters.filter(({ trainable }) => trainable);
      const { terms, gradients } = gradientsOf(trained, () => {
        const image = noise([1, 24, 17, 3], 'image');
        const scores = both === undefined ? [main(image, 'train')] : Object.values(both(image, 'train'));
        const total = tf.addN(scores.map((level) => tf.sum(tf.square(level)))) as tf.Scalar;
        return { total, terms: { total } };
      });
      return [terms.total, ...gradients];
    });
    return readAll(results).finally(() => tf.dispose(results));
  };
  /** The largest difference of two arrays, over the largest magnitude. */
  const distance = (a: Float32Array, b: Float32Array): number => {
    const largest = (values: Float32Array): number =>
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largest(a.map((value, i) => value - b[i]!)) / largest(a);
  };

  it('trains on the same gradients, to the bit', async () => {
    const [plain, again] = [await gradients(false, false), await gradients(true, false)];
    expect(again.findIndex((values, i) => distance(values, plain[i]!) !== 0)).toBe(-1);
    expect(plain.every((values) => values.some((value) => value !== 0))).toBe(true);
  });

  it('trains on the same gradients through two classifiers; the terms that meet there are added in another order', async () => {
    const [plain, again] = [await gradients(false, true), await gradients(true, true)];
    expect(Math.max(...again.map((values, i) => distance(values, plain[i]!)))).toBeLessThan(1e-5);
  });

  it('is an option of every network of the paper', () => {
    const toggled = (params: ParamValues) => {
      const network = networkEntry('fcn-r50').build({ seed: 1, params: { width: 4, ...params } });
      open.push([...network.parameters]);
      return network.params.checkpoint;
    };
    expect([toggled({ checkpoint: true }), toggled({})]).toEqual([true, false]);
  });
});
