// What the fused operations promise beyond their contracts: any shape, the same bits twice, buffers that stay.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../testing/opContract.ts';
import { memory } from '../gpu/memory.ts';
import { readAll, readValues } from '../gpu/readback.ts';
import * as tf from '../tf.ts';
import { relu } from './activations/activations.ts';
import { logSoftmaxReference } from './core/softmax.reference.ts';
import { groupNorm } from './groupNorm/groupNorm.ts';
import { adamUpdate } from './optimise/adamUpdate.ts';
import { emaUpdate } from './optimise/emaUpdate.ts';
import { resizeBilinearReference } from './resizeBilinear/resizeBilinear.reference.ts';
import { resizeBilinear } from './resizeBilinear/resizeBilinear.ts';
import { crossEntropyReference } from './softmaxCrossEntropy/softmaxCrossEntropy.reference.ts';
import { pixelCrossEntropy, softmaxCrossEntropy } from './softmaxCrossEntropy/softmaxCrossEntropy.ts';

const RUNS = 10;
const side = fc.integer({ min: 1, max: 13 });
const batch = fc.integer({ min: 1, max: 4 });
const channels = fc.constantFrom(1, 3, 4, 19);

describe('cross-entropy of any shape', () => {
  it('has the value and the gradient of its formula', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(batch, side, side, channels),
        fc.constantFrom('valid', 'kept', 'weights', 'pixels'),
        fc.constantFrom(0.5, 1, 3),
        fc.integer({ min: 0, max: 1000 }),
        async ([n, h, w, c], divideBy, temperature, seed) => {
          const logits = randomArray(`logits ${seed}`, [n, h, w, c], [-4, 4]);
          const draw = randomArray(`labels ${seed}`, [n, h, w], [0, c * 1.3]).data;
          const labels = [...draw].map((value) => (value < c ? Math.floor(value) : 255));
          const keep = [...randomArray(`keep ${seed}`, [n, h, w]).data].map((value) => (value > -0.5 ? 1 : 0));
          const classWeights = [...randomArray(`weights ${seed}`, [c], [0.5, 2]).data];
          const { value, gradient } = tf.tidy(() => {
            const options = {
              classWeights: tf.tensor1d(classWeights),
              keep: tf.tensor3d(keep, [n, h, w]),
              divideBy,
              temperature,
            };
            const truth = tf.tensor3d(labels, [n, h, w], 'int32');
            const { value, grad } = tf.valueAndGrad((z: tf.Tensor) =>
              softmaxCrossEntropy(z as tf.Tensor4D, truth, options),
            )(toTensor(logits));
            return { value, gradient: grad };
          });
          const terms = { classWeights, keep, divideBy, temperature };
          const expected = crossEntropyReference(logits, labels, terms).data[0]!;
          expectClose(await readValues(value), [expected], 'loss');

          const weightOf = (pixel: number) => keep[pixel]! * (classWeights[labels[pixel]!] ?? 0);
          const isValid = (pixel: number) => labels[pixel]! < c;
          const count = labels.reduce((sum, _, pixel) => {
            const counted = { valid: 1, kept: keep[pixel]!, weights: weightOf(pixel), pixels: 1 }[divideBy];
            return sum + (isValid(pixel) || divideBy === 'pixels' ? counted : 0);
          }, 0);
          const { data } = logSoftmaxReference(logits, temperature);
          const slopes = data.map((logP, k) => {
            const pixel = Math.floor(k / c);
            if (!isValid(pixel) || count === 0) return 0;
            return (weightOf(pixel) * (Math.exp(logP) - (k % c === labels[pixel] ? 1 : 0))) / temperature / count;
          });
          expectClose(await readValues(gradient), slopes, 'loss');
          tf.dispose([value, gradient]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('resizeBilinear of any size', () => {
  it('has the values of its reference, and the transposed map as gradient', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 1, max: 2 }), side, side, channels),
        fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
        fc.boolean(),
        async ([n, h, w, c], size, alignCorners) => {
          const x = randomArray('x', [n, h, w, c]);
          const u = randomArray('u', [n, ...size, c]);
          const [y, back] = tf.tidy(() => {
            // The product with 1 is there for the size that stays: the result is then x itself.
            const resize = (x: tf.Tensor) => resizeBilinear(tf.mul(x, 1), size, { alignCorners });
            return [resize(toTensor(x)), tf.grad(resize)(toTensor(x), toTensor(u))] as const;
          });
          const expected = resizeBilinearReference(x, size, alignCorners);
          expectClose(await readValues(y), expected.data, 'sum');
          // <resize(x), u> = <x, adjoint(u)>
          const gradient = Float64Array.from(await readValues(back));
          const forward = expected.data.reduce((sum, value, i) => sum + value * u.data[i]!, 0);
          const adjoint = x.data.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
          const scale = Math.sqrt(expected.data.length + x.data.length);
          expect(Math.abs(forward - adjoint)).toBeLessThanOrEqual(1e-4 * scale);
          // Each output hands out weights that sum to 1.
          const handedOut = gradient.reduce((sum, value) => sum + value, 0);
          expect(Math.abs(handedOut - u.data.reduce((sum, value) => sum + value, 0))).toBeLessThanOrEqual(1e-4 * scale);
          tf.dispose([y, back]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('maps of more elements than one row of workgroups holds', () => {
  it('are worked through to the last one', async () => {
    const size = 65_535 * 64 + 7;
    const last = tf.tidy(() => {
      const x = tf.concat1d([tf.fill([size - 2], 3) as tf.Tensor1D, tf.tensor1d([-1, 2])]);
      return tf.slice(relu(x), [size - 3], [3]);
    });
    expectClose(await readValues(last), [3, 0, 2], 'exact');
    last.dispose();
  });
});

describe('a fused step', () => {
  const x = randomArray('step x', [2, 33, 20, 12]);
  const labels = [...randomArray('step labels', [2, 66, 40], [0, 13]).data].map(Math.floor);
  const loss = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
    const affine = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D };
    const y = groupNorm(x as tf.Tensor4D, { groups: 3, ...affine, residual: x as tf.Tensor4D, activation: 'relu' });
    const logits = resizeBilinear(y, [66, 40], { alignCorners: false });
    const truth = tf.tensor3d(labels, [2, 66, 40], 'int32');
    return tf.add(softmaxCrossEntropy(logits, truth), tf.mean(pixelCrossEntropy(logits, truth)));
  };

  it('gives the same bits twice, and its buffers do not grow', async () => {
    const run = async () => {
      const gradients = tf.tidy(() => tf.grads(loss)([toTensor(x), tf.ones([12]), tf.zeros([12])]));
      const values = await readAll(gradients);
      tf.dispose(gradients);
      return values;
    };
    const first = await run();
    await run();
    const before = memory();
    for (let repeat = 0; repeat < 3; repeat++) expect(await run()).toEqual(first);
    expect(memory()).toEqual(before);
  });
});

describe('updates in place', () => {
  it('show in every later read, and in no tensor that was taken before', async () => {
    const student = tf.variable(tf.tensor1d([1, 2, 3]));
    const teacher = tf.variable(tf.zeros([3]), false);
    teacher.assign(student); // shares the student's buffer
    const slots = [tf.variable(tf.zeros([3]), false), tf.variable(tf.zeros([3]), false)] as const;
    const taken = tf.clone(student);
    expect([...(await readValues(student))]).toEqual([1, 2, 3]); // leaves a copy on the host
    const gradient = tf.tensor1d([1, -1, 1]);
    const settings = { learningRate: 0.5, correction1: 1, correction2: 1, beta1: 0, beta2: 0 };
    const group = { parameters: [student], gradients: [gradient], firstMoment: slots[0], secondMoment: slots[1] };
    adamUpdate(group, settings);
    expectClose(await readValues(student), [0.5, 2.5, 2.5], 'elementwise');
    expect([...(await readValues(teacher))]).toEqual([1, 2, 3]);
    expect([...(await readValues(taken))]).toEqual([1, 2, 3]);
    const { dataId } = student;
    adamUpdate(group, settings);
    if (tf.getBackend() === 'webgpu') expect(student.dataId).toBe(dataId);
    expectClose(await readValues(student), [0, 3, 2], 'elementwise');
    emaUpdate({ averages: [teacher], values: [student] }, 0.75);
    expectClose(await readValues(teacher), [0.75, 2.25, 2.75], 'elementwise');
    tf.dispose([student, teacher, ...slots, taken, gradient]);
  });
});
