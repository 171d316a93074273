// Cross-entropy in all its forms, and the other losses.
import { describe, expect, it } from 'vitest';
import { map, meanOf, type NdArray, scalar } from '../../testing/ndArray.ts';
import { describeOp } from '../../testing/opContract.ts';
import { readAll, readScalars } from '../gpu/readback.ts';
import { confidenceMask } from '../ops/argmaxConfidence/argmaxConfidence.ts';
import { logSoftmaxReference } from '../ops/core/softmax.reference.ts';
import { entropyMap } from '../ops/entropyMap/entropyMap.ts';
import {
  type CrossEntropyReferenceOptions,
  crossEntropyReference,
} from '../ops/softmaxCrossEntropy/softmaxCrossEntropy.reference.ts';
import { softmaxCrossEntropy } from '../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import * as tf from '../tf.ts';
import { bceWithLogits, discriminatorLoss, lsgan } from './adversarial/adversarial.ts';
import { klReference } from './distillation/distillation.reference.ts';
import { consistencyMse, klVariance, sharpen, softLabelKl } from './distillation/distillation.ts';
import { minEntropy } from './entropy/entropy.ts';
import { l1 } from './l1/l1.ts';

const LABELS = [0, 2, 255, 1, 2, 200, 0, 1]; // 200 is no class either
const labels = () => tf.tensor3d(LABELS, [2, 2, 2], 'int32');
const KEEP = [1, 0, 1, 1, 1, 0, 1, 1];
const WEIGHTS = [0.5, 0, 2];

const crossEntropies: readonly [string, CrossEntropyReferenceOptions][] = [
  ['mean over valid pixels', {}],
  ['temperature', { temperature: 0.5 }],
  ['over all pixels', { divideBy: 'pixels' }],
  ['weighted', { classWeights: WEIGHTS, divideBy: 'weights' }],
  ['kept, over valid pixels', { keep: KEEP }],
  ['kept, over kept pixels', { keep: KEEP, divideBy: 'kept' }],
  ['everything at once', { keep: KEEP, classWeights: WEIGHTS, temperature: 2, divideBy: 'weights' }],
];

describeOp<'logits'>({
  name: 'softmaxCrossEntropy',
  tolerance: 'loss',
  differentiable: ['logits'],
  range: [-4, 4],
  cases: crossEntropies.map(([name, { classWeights, keep, temperature, divideBy }]) => ({
    name,
    inputs: { logits: [2, 2, 2, 3] },
    run: (t) =>
      softmaxCrossEntropy(t.logits as tf.Tensor4D, labels(), {
        ...(temperature === undefined ? {} : { temperature }),
        ...(divideBy === undefined ? {} : { divideBy }),
        ...(classWeights === undefined ? {} : { classWeights: tf.tensor1d([...classWeights]) }),
        ...(keep === undefined ? {} : { keep: tf.tensor3d([...keep], [2, 2, 2]) }),
      }),
    reference: (a) =>
      crossEntropyReference(a.logits, LABELS, {
        ...(temperature === undefined ? {} : { temperature }),
        ...(divideBy === undefined ? {} : { divideBy }),
        ...(classWeights === undefined ? {} : { classWeights }),
        ...(keep === undefined ? {} : { keep }),
      }),
  })),
  refuses: {
    'labels of another size': () => softmaxCrossEntropy(tf.zeros([1, 2, 2, 3]), labels()),
    'weights of another length': () =>
      softmaxCrossEntropy(tf.zeros([2, 2, 2, 3]), labels(), { classWeights: tf.zeros([4]) }),
  },
});

describe('softmaxCrossEntropy', () => {
  it.each(['valid', 'kept', 'weights', 'pixels'] as const)(
    'is 0 with zero gradient where nothing counts (%s)',
    async (divideBy) => {
      const { value, grad } = tf.tidy(() => {
        const ignored = tf.fill([1, 2, 2], 255, 'int32') as tf.Tensor3D;
        const loss = (z: tf.Tensor) =>
          softmaxCrossEntropy(z as tf.Tensor4D, ignored, { classWeights: tf.ones([3]), divideBy });
        return tf.valueAndGrad(loss)(tf.ones([1, 2, 2, 3]));
      });
      const [loss, gradient] = await readAll([value, grad]);
      expect([...loss!, ...gradient!]).toEqual(new Array(13).fill(0));
      tf.dispose([value, grad]);
    },
  );

  it('stays finite for logits that overflow exp', async () => {
    const scalars = tf.tidy(() => {
      const logits = tf.tensor4d([1000, -1000], [1, 1, 1, 2]);
      const at = (label: number) => softmaxCrossEntropy(logits, tf.tensor3d([label], [1, 1, 1], 'int32'));
      return { right: at(0), wrong: at(1) };
    });
    expect(await readScalars(scalars)).toEqual({ right: 0, wrong: 2000 });
    tf.dispose(scalars);
  });

  it('takes the mask of its own logits as a constant', async () => {
    const gradient = tf.tidy(() => {
      const loss = (z: tf.Tensor) => {
        const logits = z as tf.Tensor4D;
        return softmaxCrossEntropy(logits, tf.tensor3d([0, 0], [1, 1, 2], 'int32'), {
          keep: confidenceMask(logits, 0.6),
          divideBy: 'pixels',
        });
      };
      return tf.grad(loss)(tf.tensor4d([2, 0, 0.1, 0], [1, 1, 2, 2]));
    });
    const [values] = await readAll([gradient]);
    const p = 1 / (1 + Math.exp(-2));
    expect(values![0]).toBeCloseTo((p - 1) / 2, 5);
    expect([...values!.slice(2)].map(Math.abs)).toEqual([0, 0]);
    gradient.dispose();
  });
});

const SHAPE = [1, 2, 3, 4] as const;
const shared = { tolerance: 'loss', refuses: {} } as const;

describeOp<'x'>({
  name: 'adversarial losses',
  ...shared,
  differentiable: ['x'],
  range: [-6, 6],
  cases: [
    ...([0, 1] as const).map((label) => ({
      name: `BCE against ${label}`,
      inputs: { x: SHAPE },
      run: (t: Record<'x', tf.Tensor>) => bceWithLogits(t.x, label),
      reference: (a: Record<'x', NdArray>) =>
        scalar(meanOf(a.x.data.map((x) => Math.log(1 + Math.exp(label === 1 ? -x : x))))),
    })),
    ...([0, 1] as const).map((label) => ({
      name: `LSGAN against ${label}`,
      inputs: { x: SHAPE },
      run: (t: Record<'x', tf.Tensor>) => lsgan(t.x, label),
      reference: (a: Record<'x', NdArray>) => scalar(meanOf(a.x.data.map((x) => (x - label) ** 2))),
    })),
    {
      name: 'BCE of a discriminator, 7 source scores of 24',
      inputs: { x: SHAPE },
      run: (t) => discriminatorLoss('bce', t.x, 7).loss,
      reference: (a) => {
        const mean = (part: Float64Array, sign: number) => meanOf(part.map((x) => Math.log(1 + Math.exp(sign * x))));
        return scalar(0.5 * (mean(a.x.data.slice(0, 7), 1) + mean(a.x.data.slice(7), -1)));
      },
    },
    {
      name: 'LSGAN of a discriminator, 100 scores',
      inputs: { x: [100] },
      run: (t) => discriminatorLoss('lsgan', t.x, 70).loss,
      reference: (a) => {
        const mean = (part: Float64Array, label: number) => meanOf(part.map((x) => (x - label) ** 2));
        return scalar(0.5 * (mean(a.x.data.slice(0, 70), 0) + mean(a.x.data.slice(70), 1)));
      },
    },
    {
      name: 'entropy map',
      inputs: { x: SHAPE },
      run: (t) => entropyMap(t.x as tf.Tensor4D),
      reference: (a) => map(logSoftmaxReference(a.x), (logP) => (-Math.exp(logP) * logP) / Math.log(4)),
    },
    {
      name: 'minimum entropy',
      inputs: { x: SHAPE },
      run: (t) => minEntropy(t.x as tf.Tensor4D),
      reference: (a) =>
        scalar(4 * meanOf(logSoftmaxReference(a.x).data.map((logP) => (-Math.exp(logP) * logP) / Math.log(4)))),
    },
  ],
});

describe('adversarial losses', () => {
  it('tell how often a discriminator is right, and stay finite and exact for scores far out', async () => {
    const scalars = tf.tidy(() => {
      // Source scores -100 and 1, target scores 100, 100 and 0.4.
      const scores = tf.tensor1d([-100, 1, 100, 100, 0.4]);
      const { loss, accuracySource, accuracyTarget } = discriminatorLoss('bce', scores, 2);
      const { accuracyTarget: lsganTarget } = discriminatorLoss('lsgan', scores, 2);
      return { loss, accuracySource, accuracyTarget, lsganTarget, won: bceWithLogits(tf.tensor1d([9.5]), 1) };
    });
    const { loss, won, ...shares } = await readScalars(scalars);
    const expected = 0.25 * Math.log(1 + Math.exp(1)) + Math.log(1 + Math.exp(-0.4)) / 6;
    expect(loss).toBeCloseTo(expected, 5);
    expect(shares.accuracySource).toBe(0.5);
    expect(shares.accuracyTarget).toBe(1);
    expect(shares.lsganTarget).toBeCloseTo(2 / 3, 6);
    expect(won / Math.log1p(Math.exp(-9.5))).toBeCloseTo(1, 4);
    tf.dispose(scalars);
  });
});

const pixelLabels = [0, 3, 255, 1, 2, 1];

describeOp<'a' | 'b'>({
  name: 'losses between two predictions',
  ...shared,
  differentiable: ['a', 'b'],
  range: [-3, 3],
  cases: [
    {
      name: 'l1',
      inputs: { a: SHAPE, b: SHAPE },
      run: (t) => l1(t.a, t.b),
      reference: ({ a, b }) => scalar(meanOf(a.data.map((x, k) => Math.abs(x - b.data[k]!)))),
    },
    ...(['sum', 'mean'] as const).map((classReduction) => ({
      name: `variance by KL, class ${classReduction}`,
      inputs: { a: SHAPE, b: SHAPE },
      run: (t: Record<'a' | 'b', tf.Tensor>) =>
        klVariance(
          { main: t.a as tf.Tensor4D, aux: t.b as tf.Tensor4D, labels: tf.tensor3d(pixelLabels, [1, 2, 3], 'int32') },
          { classReduction },
        ).loss,
      reference: ({ a, b }: Record<'a' | 'b', Parameters<typeof logSoftmaxReference>[0]>) => {
        const logMain = logSoftmaxReference(a);
        const variance = klReference(logSoftmaxReference(b), logMain).map((v) =>
          classReduction === 'sum' ? v : v / 4,
        );
        const rectified = variance.map((v, pixel) => {
          const label = pixelLabels[pixel]!;
          return label > 3 ? 0 : -Math.exp(-v) * logMain.data[pixel * 4 + label]!;
        });
        return scalar(meanOf(rectified) + meanOf(variance));
      },
    })),
  ],
});

describeOp<'student' | 'teacher'>({
  name: 'losses against a teacher',
  ...shared,
  differentiable: ['student'],
  range: [-3, 3],
  cases: [
    {
      name: 'soft labels at temperature 0.5',
      inputs: { student: SHAPE, teacher: SHAPE },
      run: (t) => softLabelKl(t.student as tf.Tensor4D, t.teacher as tf.Tensor4D, { temperature: 0.5 }),
      reference: ({ student, teacher }) =>
        scalar(meanOf(klReference(logSoftmaxReference(teacher, 0.5), logSoftmaxReference(student)))),
    },
    {
      name: 'consistency',
      inputs: { student: SHAPE, teacher: SHAPE },
      run: (t) => consistencyMse(t.student as tf.Tensor4D, t.teacher as tf.Tensor4D),
      reference: ({ student, teacher }) => {
        const [p, q] = [logSoftmaxReference(student), logSoftmaxReference(teacher)];
        return scalar(meanOf(p.data.map((x, k) => (Math.exp(x) - Math.exp(q.data[k]!)) ** 2)));
      },
    },
  ],
});

describeOp<'p'>({
  name: 'sharpen',
  ...shared,
  differentiable: ['p'],
  range: [0.05, 1],
  cases: [
    {
      name: 'temperature 0.5',
      inputs: { p: SHAPE },
      run: (t) => sharpen(t.p as tf.Tensor4D, 0.5),
      reference: ({ p }) =>
        map(p, (value, k) => {
          const row = p.data.subarray(k - (k % 4), k - (k % 4) + 4);
          return value ** 2 / row.reduce((sum, x) => sum + x ** 2, 0);
        }),
    },
  ],
});
