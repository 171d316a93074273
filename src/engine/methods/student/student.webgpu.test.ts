// What is peculiar to the students: whose weights move, what the teacher's labels are, and that they lie where they belong.
import { afterEach, describe, expect, it } from 'vitest';
import { RandomStream } from '../../../domain/rng.ts';
import { drawFreshViews, FRESH_VIEWS } from '../../augment/freshViews.ts';
import { readValues } from '../../backend/readback.ts';
import type { Network } from '../../networks/core/network.ts';
import { type Affine, composed, IDENTITY } from '../../ops/core/affine.ts';
import * as tf from '../../tf.ts';
import { closeAll, run, trainerOf } from '../../training/testing/methodRuns.ts';
import { TINY } from '../../training/testing/twoColours.ts';
import { readMetrics, type Trainer } from '../../training/trainer.ts';
import { planTensors } from '../core/plan.ts';
import type { AnchoredPlan } from '../parts/selfTraining/settings.ts';
import { studentSees, teach } from '../parts/selfTraining/step.ts';

afterEach(closeAll);

async function weightsOf(trainer: Trainer, role: string): Promise<number[]> {
  const { parameters } = trainer.running.state.networks[role]!;
  const values: number[] = [];
  for (const { variable } of parameters) values.push(...(await readValues(variable)));
  return values;
}
async function keptShare(params: Record<string, number>): Promise<number> {
  const trainer = trainerOf('student', { batchSize: 1, anchorImages: 1, ...params });
  await run(trainer, 1);
  return (await readMetrics(trainer))!['train/kept_share']!.values[0]!;
}

describe('a step', () => {
  it('moves the student, lets the average follow by its decay, and leaves the teacher as it is, bit for bit', async () => {
    const trainer = trainerOf('student', { batchSize: 1, anchorImages: 1, emaDecay: 0.75 });
    const before = await weightsOf(trainer, 'student');
    const teacher = await weightsOf(trainer, 'teacher');
    expect(teacher).toEqual(before);
    expect(await weightsOf(trainer, 'average')).toEqual(before);
    await run(trainer, 1);
    const after = await weightsOf(trainer, 'student');
    expect(after).not.toEqual(before);
    expect(await weightsOf(trainer, 'teacher')).toEqual(teacher);
    (await weightsOf(trainer, 'average')).forEach((value, i) => {
      expect(Math.abs(value - (0.75 * before[i]! + 0.25 * after[i]!))).toBeLessThan(1e-6);
    });
  });

  it('predicts with the average', async () => {
    const trainer = trainerOf('student-strict', { batchSize: 1 });
    expect(trainer.network).toBe(trainer.running.state.networks.average);
  });

  it('keeps every pixel at threshold 0, none at 1, and never more at a higher one', async () => {
    const shares = [];
    for (const threshold of [0, 0.06, 0.1, 1]) shares.push(await keptShare({ threshold }));
    expect(shares[0]).toBe(1);
    expect(shares[3]).toBe(0);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  });
});

describe('teach', () => {
  const { width, height } = TINY;
  const pixels = width * height;
  /** A network that reads the class off the red channel. */
  const reader: Network = {
    id: 'reader',
    params: {},
    parameters: [],
    forward: (images) => {
      const [n] = images.shape;
      const red = tf.slice(images, [0, 0, 0, 0], [n, height, width, 1]);
      return tf.mul(tf.square(tf.sub(red, tf.tensor1d([-0.8, 0, 0.8]))), -60);
    },
    dispose: () => undefined,
  };
  const truth = Int32Array.from({ length: 2 * pixels }, (_, k) => (k * 7 + (k >> 4) + Math.floor(k / pixels)) % 3);
  const images = Float32Array.from({ length: 6 * pixels }, (_, k) =>
    k % 3 === 0 ? [-0.8, 0, 0.8][truth[k / 3]!]! : 0.1,
  );

  function planned(
    views: number,
    jitter: number,
  ): Pick<AnchoredPlan, 'toView' | 'toImage' | 'viewColour' | 'thresholds'> {
    const drawn = drawFreshViews(new RandomStream(views, 'teach'), { views, batch: 2, width, jitter });
    const rows = (values: Float32Array) => ({ shape: [2 * views, 6] as const, values });
    return {
      toView: rows(drawn.toView),
      toImage: rows(drawn.toImage),
      viewColour: rows(drawn.colour),
      thresholds: { shape: [3], values: Float32Array.of(0.5, 0.5, 0.5) },
    };
  }

  it.each([1, 2, 3, 4])('gives every pixel its own label through %d views', async (views) => {
    const labels = tf.tidy(() => {
      const target = tf.tensor4d(images, [2, height, width, 3]);
      const networks = { student: reader, average: reader, teacher: reader };
      const tensors = planTensors(planned(views, 0.05)) as never;
      return teach({ networks, fusion: 'max' }, target, tensors).fused.labels;
    });
    expect([...(await readValues(labels))]).toEqual([...truth]);
    labels.dispose();
  });
});

describe('fresh views', () => {
  it('begin with the image as it is, and know the way there and back', () => {
    const drawn = drawFreshViews(new RandomStream(1), { views: FRESH_VIEWS, batch: 3, width: 16, jitter: 0.5 });
    const row = (values: Float32Array, r: number): Affine =>
      [...values.subarray(6 * r, 6 * r + 6)] as unknown as Affine;
    for (let r = 0; r < 3; r++) {
      expect(row(drawn.toView, r)).toEqual(IDENTITY);
      expect(row(drawn.colour, r)).toEqual([1, 1, 0, 0, 0, 0]);
    }
    for (let r = 0; r < 3 * FRESH_VIEWS; r++) {
      expect(composed(row(drawn.toImage, r), row(drawn.toView, r))).toEqual(IDENTITY);
    }
    expect(
      new Set(Array.from({ length: 3 * FRESH_VIEWS }, (_, r) => String(row(drawn.toView, r)))).size,
    ).toBeGreaterThan(4);
  });
});

describe('studentSees', () => {
  it('takes the box of the partner, image and label alike', async () => {
    const labels = Int32Array.of(1, 1, 1, 255, 2, 2, 2, 2, 3, 3, 3, 3);
    const seen = tf.tidy(() => {
      const batch = {
        images: tf.tensor4d(
          Float32Array.from(labels, (v) => v / 10),
          [3, 2, 2, 1],
        ),
        labels: tf.tensor3d(labels, [3, 2, 2], 'int32'),
      };
      const plan = planTensors({
        partners: { shape: [3], values: Float32Array.of(1, 2, 0) },
        boxes: { shape: [3, 4], values: Float32Array.of(0, 0, 1, 2, 0, 0, 0, 0, 0, 1, 2, 2) },
      });
      return { ...studentSees(batch, plan as never) };
    });
    const expected = [2, 2, 1, 255, 2, 2, 2, 2, 3, 1, 3, 255];
    expect([...(await readValues(seen.labels))]).toEqual(expected);
    expect([...(await readValues(seen.images))].map((v) => Math.round(v * 10))).toEqual(expected);
    tf.dispose(seen);
  });
});
