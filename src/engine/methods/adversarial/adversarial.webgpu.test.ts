// What is the adversarial methods' own: who moves whom, what the mask keeps, what two levels and two optimisers change. Their
// arithmetic is held against PyTorch by the golden cases, their life as methods by the contract.
import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../../domain/params.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { readAll, readScalars } from '../../backend/readback.ts';
import { bceWithLogits } from '../../losses/adversarial/adversarial.ts';
import { type Network, networkOf } from '../../networks/core/network.ts';
import { convolution } from '../../nn/layers.ts';
import { type Parameter, ParameterScope } from '../../nn/parameters.ts';
import { probabilityMap } from '../../ops/probabilityMap/probabilityMap.ts';
import * as tf from '../../tf.ts';
import { forwardTogether } from '../core/forwardTogether.ts';
import { planTensors } from '../core/plan.ts';
import {
  ADVERSARIAL_PARAMS,
  type AdversarialValues,
  buildAdversarial,
  planAdversarial,
} from '../parts/alignment/settings.ts';
import {
  ADVERSARIAL_METRICS,
  adversarialGradients,
  applyAdversarial,
  CUTMIX_LOSS,
  confidenceLoss,
  reported,
  stepAdversarial,
} from '../parts/alignment/step.ts';
import { method as adversarial } from './method.ts';

const SIZE = { width: 16, height: 8 };

/** 1x1 convolutions: what a pixel gets depends on that pixel alone. With two levels the second has weights of its own. */
function pixelwise(levels: 1 | 2 = 1): Network {
  const scope = new ParameterScope({ seed: 5 });
  const stem = convolution(scope.child('stem'), { from: 3, to: 6, kernel: 1, bias: true });
  const main = convolution(scope.child('head'), { from: 6, to: 19, kernel: 1, bias: true });
  const isClassifier = (name: string): boolean => !name.startsWith('stem');
  if (levels === 1) return networkOf('pixelwise', scope, { forward: (x, p) => main(stem(x, p), p), isClassifier });
  const aux = convolution(scope.child('aux'), { from: 6, to: 19, kernel: 1, bias: true });
  return networkOf('pixelwise', scope, {
    forward: (x, p) => main(stem(x, p), p),
    forwardLevels: (x, p) => ({ main: main(stem(x, p), p), aux: aux(stem(x, p), p) }),
    isClassifier,
  });
}

function setUp(given: Partial<AdversarialValues> = {}, levels: 1 | 2 = 1) {
  const params = { ...defaultsOf(ADVERSARIAL_PARAMS), ...given };
  const classWeights = tf.ones([19]) as tf.Tensor1D;
  const context = { params, seed: 1, size: SIZE, classWeights, buildNetwork: () => pixelwise(levels) };
  const state = buildAdversarial(context);
  const planned = () =>
    planTensors(planAdversarial(state, { step: 50, steps: 100, params, random: new RandomStream(1, 'step', 0) }));
  const dispose = (): void => {
    for (const part of [...Object.values(state.networks), ...Object.values(state.optimisers)]) part.dispose();
    classWeights.dispose();
  };
  return { state, planned, dispose };
}

const noise = (key: string, count = 1): tf.Tensor4D => {
  const random = new RandomStream(7, key);
  const values = Float32Array.from({ length: count * SIZE.width * SIZE.height * 3 }, () => random.uniform(-1, 1));
  return tf.tensor4d(values, [count, SIZE.height, SIZE.width, 3]);
};
const images = () => ({
  source: { images: noise('source'), labels: tf.zeros([1, SIZE.height, SIZE.width], 'int32') as tf.Tensor3D },
  target: noise('target', 2),
});
const valuesOf = async (parameters: readonly Parameter[]): Promise<number[][]> =>
  (await readAll(parameters.map(({ variable }) => variable))).map((values) => [...values]);

const expectNear = (got: ArrayLike<number>, expected: ArrayLike<number>): void => {
  Array.from(got).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
};
const expectAllChanged = async (parameters: readonly Parameter[], before: readonly number[][]): Promise<void> => {
  (await valuesOf(parameters)).forEach((values, i) => {
    expect(values, parameters[i]!.name).not.toEqual(before[i]);
  });
};

describe('the two sides of the game', () => {
  it('move themselves only: the segmenter at rate 0 stays to the bit while the discriminator learns, and vice versa', async () => {
    for (const still of ['segmenter', 'discriminator'] as const) {
      const { state, planned, dispose } = setUp(still === 'segmenter' ? { learningRate: 0 } : { discriminatorRate: 0 });
      const moving = still === 'segmenter' ? 'discriminator' : 'segmenter';
      const before = {
        still: await valuesOf(state.networks[still].parameters),
        moving: await valuesOf(state.networks[moving].parameters),
      };
      tf.tidy(() => void stepAdversarial(state, images(), planned()));
      expect(await valuesOf(state.networks[still].parameters)).toEqual(before.still);
      await expectAllChanged(state.networks[moving].parameters, before.moving);
      dispose();
    }
  });

  it('pull the target towards the source: a step on the adversarial loss alone lowers it for a fixed discriminator', async () => {
    const { state, planned, dispose } = setUp({
      lambdaAdv: 1,
      lambdaConf: 0,
      discriminatorRate: 0,
      learningRate: 3e-2,
    });
    const { source, target } = images();
    // Nothing of the source is labelled, so that its loss is 0.
    const unlabelled = { ...source, labels: tf.fill([1, SIZE.height, SIZE.width], 255, 'int32') as tf.Tensor3D };
    const fooled = (): tf.Scalar =>
      tf.tidy(() => {
        const map = probabilityMap(state.networks.segmenter.forward(target, 'evaluate'), {
          temperature: tf.scalar(0.5),
          pool: 1,
        });
        return bceWithLogits(state.networks.discriminator.forward(map, 'evaluate'), 0);
      });
    const before = fooled();
    const { loss_adv } = tf.tidy(() => stepAdversarial(state, { source: unlabelled, target }, planned()));
    const values = await readScalars({ before, after: fooled(), loss_adv });
    expect(values.loss_adv).toBeCloseTo(values.before, 6);
    expect(values.after).toBeLessThan(values.before - 1e-5);
    dispose();
  });

  it('meet in the target’s logits alone: what the source looks like changes no adversarial gradient', async () => {
    const { state, planned, dispose } = setUp({ lambdaConf: 0, lambdaAdv: 1 });
    const gradientsFor = (key: string) =>
      tf.tidy(() => {
        const { target } = images();
        const labels = tf.fill([1, SIZE.height, SIZE.width], 255, 'int32') as tf.Tensor3D;
        const given = { source: { images: noise(key), labels }, target };
        const { segmenter, levels } = adversarialGradients(state, given, planned());
        return {
          segmenter: [...segmenter],
          discriminators: levels.flatMap(({ discriminator }) => [...discriminator.gradients]),
        };
      });
    const [one, other] = [gradientsFor('one'), gradientsFor('other')];
    expect(await readAll(one.segmenter)).toEqual(await readAll(other.segmenter));
    expect(await readAll(one.discriminators)).not.toEqual(await readAll(other.discriminators));
    dispose();
  });

  it('end where there is no weight: no adversary is asked or taught', async () => {
    const { state, planned, dispose } = setUp({ lambdaAdv: 0, lambdaConf: 0 });
    const before = await valuesOf(state.networks.discriminator.parameters);
    const losses = tf.tidy(() => stepAdversarial(state, images(), planned()));
    const { loss_seg, ...rest } = await readScalars(reported(losses, [...ADVERSARIAL_METRICS.step, CUTMIX_LOSS]));
    expect(loss_seg).toBeGreaterThan(0);
    expect(Object.values(rest).every((value) => value === 0)).toBe(true);
    expect(await valuesOf(state.networks.discriminator.parameters)).toEqual(before);
    dispose();
  });
});

describe('what the target shows', () => {
  it('never includes labels: the method neither asks for them nor reads them', () => {
    expect(adversarial.info.needs).toEqual({ sourceLabels: true, targetImages: true, targetLabels: false });
    expect(adversarial.streams({})).toEqual({ source: 4, target: 4 });
  });
});

describe('confidenceLoss', () => {
  it('is the sum over confident pixels divided by all, with the gradient through the plain logits', async () => {
    // Two classes; z1 - z0 of four pixels. At T = 0.5 the probability is sigmoid(2 d): 0.982, 0.881, 0.96, 0.5.
    const differences = [2, 1, -1.6, 0];
    const threshold = 0.95;
    const logits = tf.tensor4d(
      differences.flatMap((d) => [0, d]),
      [1, 2, 2, 2],
    );
    const planned = { lambdaConf: tf.scalar(1), temperature: tf.scalar(0.5), threshold: tf.scalar(threshold) };
    const loss = tf.tidy(() => confidenceLoss(logits, planned));
    const gradient = tf.tidy(() => tf.grad((z) => confidenceLoss(z as tf.Tensor4D, planned).loss_conf)(logits));
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const isKept = differences.map((d) => sigmoid(2 * Math.abs(d)) >= threshold);
    expect(isKept).toEqual([true, false, true, false]);
    // CE of the winning class at T = 1 is -log(sigmoid(|d|)).
    const expected = differences.reduce((sum, d, i) => (isKept[i] ? sum - Math.log(sigmoid(Math.abs(d))) : sum), 0) / 4;
    const { loss_conf, kept_share } = await readScalars({ ...loss });
    expect(loss_conf).toBeCloseTo(expected, 6);
    expect(kept_share).toBe(0.5);
    const [slopes] = await readAll([gradient]);
    differences.forEach((d, i) => {
      // d(-log sigmoid(|d|)) / dz1 = -sign(d) * sigmoid(-|d|).
      const slope = isKept[i] ? (-Math.sign(d) * sigmoid(-Math.abs(d))) / 4 : 0;
      expect(slopes![2 * i + 1]).toBeCloseTo(slope, 6);
      expect(slopes![2 * i]).toBeCloseTo(-slope, 6);
    });
    tf.dispose([logits, planned, loss, gradient]);
  });
});

describe('two levels', () => {
  it('have a discriminator each, and all of both is trained', async () => {
    const { state, planned, dispose } = setUp({}, 2);
    const { segmenter, discriminator, discriminatorAux } = state.networks;
    expect(await valuesOf(discriminatorAux!.parameters)).not.toEqual(await valuesOf(discriminator.parameters));
    const all = [segmenter, discriminator, discriminatorAux!].flatMap(({ parameters }) => parameters);
    const before = await valuesOf(all);
    tf.tidy(() => void stepAdversarial(state, images(), planned()));
    await expectAllChanged(all, before);
    dispose();
  });
});

describe('SGD', () => {
  it('moves the classifier at ten times the rate', async () => {
    const { state, planned, dispose } = setUp({ optimiser: 'sgd', weightDecay: 0, learningRate: 0.01 });
    const { segmenter, classifier } = state.optimisers;
    const parameters = [...segmenter.parameters, ...classifier!.parameters];
    expect(parameters.map(({ name }) => name)).toEqual(['stem.weight', 'stem.bias', 'head.weight', 'head.bias']);
    const before = await valuesOf(parameters);
    const gradients = tf.tidy(() => {
      const given = planned();
      const computed = adversarialGradients(state, images(), given);
      applyAdversarial(state, computed, given);
      return [...computed.segmenter];
    });
    const after = await valuesOf(parameters);
    const slopes = await readAll(gradients);
    // Half way, without warm-up: 0.01 * 0.5^0.9.
    const rate = 0.01 * 0.5 ** 0.9;
    parameters.forEach((_, p) => {
      const expected = before[p]!.map((value, i) => value - rate * (p < 2 ? 1 : 10) * slopes[p]![i]!);
      expectNear(after[p]!, expected);
    });
    tf.dispose(gradients);
    dispose();
  });
});

describe('the discriminators', () => {
  it('refuse images that are too small for them', () => {
    expect(() => setUp({ discriminator: 'full' })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});

describe('forwardTogether', () => {
  it('gives every part what it would get alone, joined or not', async () => {
    const network = pixelwise(2);
    const withStatistics: Network = {
      ...network,
      parameters: network.parameters.map((parameter) => ({ ...parameter, kind: 'statistic' as const })),
    };
    const parts = [noise('one'), noise('two', 2)] as const;
    const scores = (of: Network) => forwardTogether(of, parts).flatMap(({ main, aux }) => [main, aux!]);
    const [joined, apart] = [scores(network), scores(withStatistics)];
    const [a, b] = [await readAll(joined), await readAll(apart)];
    a.forEach((values, i) => {
      expectNear(values, b[i]!);
    });
    expect(joined.map(({ shape }) => shape[0])).toEqual([1, 1, 2, 2]);
    tf.dispose([joined, apart, ...parts]);
    network.dispose();
  });
});
