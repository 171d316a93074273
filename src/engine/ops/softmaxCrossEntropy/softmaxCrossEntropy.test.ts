// Cross-entropy in all its forms, and of any shape.
import { describe, expect, it } from 'vitest';
import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readAll, readScalars } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { confidenceMask } from '../argmaxConfidence/argmaxConfidence.ts';
import { info } from './info.ts';
import { type CrossEntropyReferenceOptions, crossEntropyReference } from './softmaxCrossEntropy.reference.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

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
      softmaxCrossEntropy(t.logits, labels(), {
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

itCosts(info, [[2, 5, 6, 4], { int32: [2, 5, 6] }], ([logits, truth]) => softmaxCrossEntropy(logits, truth));
