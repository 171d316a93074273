// Kernels on class scores keep a number a class in registers and write classes out in their text: they hold for the most
// classes there may be, and for numbers that are no multiple of anything.
import { describe, expect, it } from 'vitest';
import { IGNORE, MAX_CLASSES } from '../../domain/classes.ts';
import { at, type NdArray } from '../../testing/ndArray.ts';
import { expectClose, randomArray, toTensor } from '../../testing/opContract.ts';
import { allValuesOf } from '../../testing/opValues.ts';
import * as tf from '../tf.ts';
import { argmaxConfidence } from './argmaxConfidence/argmaxConfidence.ts';
import { confidentLabels } from './confidentLabels/confidentLabels.ts';
import { confusionCounts } from './confusionCounts/confusionCounts.ts';
import { affineRows, IDENTITY } from './core/affine.ts';
import { logSoftmaxReference } from './core/softmax.reference.ts';
import { fuseViews } from './fuseViews/fuseViews.ts';
import { mixClasses } from './mix/mixRegions.ts';
import { probabilityMap } from './probabilityMap/probabilityMap.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy/softmaxCrossEntropy.ts';

const [HEIGHT, WIDTH] = [4, 8];
const PIXELS = HEIGHT * WIDTH;
const SHAPE = [1, HEIGHT, WIDTH] as [number, number, number];

// Compiling for a software GPU takes its time.
describe.each([33, MAX_CLASSES])('%i classes', { timeout: 60_000 }, (classes) => {
  const logits = randomArray(`many ${classes}`, [1, HEIGHT, WIDTH, classes], [-4, 4]);
  const logs = logSoftmaxReference(logits);
  const row = (array: NdArray, pixel: number): number[] => [
    ...array.data.subarray(pixel * classes, (pixel + 1) * classes),
  ];
  const decided = Array.from({ length: PIXELS }, (_, p) => row(logits, p).indexOf(Math.max(...row(logits, p))));
  const sure = decided.map((c, p) => Math.exp(row(logs, p)[c]!));
  /** Every class from the last down, the first pixel ignored. */
  const labels = Array.from({ length: PIXELS }, (_, p) => (p === 0 ? IGNORE : classes - p));
  const weights = Array.from({ length: classes }, (_, c) => 0.5 + c / classes);
  const labelTensor = (values: readonly number[]): tf.Tensor3D => tf.tensor3d([...values], SHAPE, 'int32');

  it('weigh in the cross-entropy and its gradient', async () => {
    const [loss, gradient] = await allValuesOf(() => {
      const options = { classWeights: tf.tensor1d(weights), divideBy: 'weights' } as const;
      const { value, grad } = tf.valueAndGrad((x) =>
        softmaxCrossEntropy(x as tf.Tensor4D, labelTensor(labels), options),
      )(toTensor(logits));
      return [value, grad];
    });
    const counted = labels.flatMap((label, p) => (label === IGNORE ? [] : [{ label, p, weight: weights[label]! }]));
    const total = counted.reduce((sum, { weight }) => sum + weight, 0);
    const expected = counted.reduce((sum, { label, p, weight }) => sum - (weight / total) * row(logs, p)[label]!, 0);
    expectClose(loss!, [expected], 'loss');
    const slopes = labels.flatMap((label, p) =>
      row(logs, p).map((log, c) =>
        label === IGNORE ? 0 : (weights[label]! / total) * (Math.exp(log) - (c === label ? 1 : 0)),
      ),
    );
    expectClose(gradient!, slopes, 'loss');
  });

  it('are decided, kept, fused and pooled', async () => {
    const [said, confidence, kept, fused, fusedConfidence, pooled] = await allValuesOf(() => {
      const scores = toTensor(logits) as tf.Tensor4D;
      const decision = argmaxConfidence(scores);
      const options = { temperature: tf.scalar(1), threshold: tf.scalar(0.5) };
      const toView = tf.tensor2d(affineRows([IDENTITY]), [1, 6]);
      const views = fuseViews(scores, { views: 1, toView, thresholds: tf.zeros([classes]) }, 'vote');
      const maps = probabilityMap(scores, { temperature: tf.scalar(1), pool: 2 });
      return [
        ...[decision.classes, decision.confidence, confidentLabels(scores, options).labels],
        ...[views.classes, views.confidence, maps],
      ];
    });
    expect([...said!]).toEqual(decided);
    expectClose(confidence!, sure, 'elementwise');
    expect([...kept!]).toEqual(decided.map((c, p) => (sure[p]! >= 0.5 ? c : IGNORE)));
    expect([...fused!]).toEqual(decided);
    expectClose(fusedConfidence!, sure, 'elementwise');
    const mean = Array.from({ length: (PIXELS / 4) * classes }, (_, k) => {
      const [pixel, c] = [Math.floor(k / classes), k % classes];
      const [i, j] = [2 * Math.floor(pixel / (WIDTH / 2)), 2 * (pixel % (WIDTH / 2))];
      const corners = [
        at(logs, 0, i, j, c),
        at(logs, 0, i, j + 1, c),
        at(logs, 0, i + 1, j, c),
        at(logs, 0, i + 1, j + 1, c),
      ];
      return corners.reduce((sum, log) => sum + Math.exp(log) / 4, 0);
    });
    expectClose(pooled!, mean, 'elementwise');
  });

  it('are counted and mixed', async () => {
    const last = classes - 1;
    const [counts, mixed] = await allValuesOf(() => {
      const inside = { images: tf.ones([...SHAPE, 3]) as tf.Tensor4D, labels: labelTensor(labels) };
      const outside = {
        images: tf.zeros([...SHAPE, 3]) as tf.Tensor4D,
        labels: tf.zeros(SHAPE, 'int32') as tf.Tensor3D,
      };
      const chosen = tf.oneHot(tf.tensor1d([last], 'int32'), classes, 1, 0, 'float32') as tf.Tensor2D;
      return [
        confusionCounts(labelTensor(labels), labelTensor(labels), classes),
        mixClasses(inside, outside, chosen).labels,
      ];
    });
    const expected = new Array<number>(classes * classes).fill(0);
    for (const label of labels) if (label !== IGNORE) expected[label * classes + label]! += 1;
    expect([...counts!]).toEqual(expected);
    expect([...mixed!]).toEqual(labels.map((label) => (label === last ? last : 0)));
  });
});
