import { afterEach, describe, expect, it } from 'vitest';
import type { HostBatch } from '../../domain/dataset.ts';
import { scoresOf } from '../../domain/metrics.ts';
import { memory } from '../backend/memory.ts';
import { readValues } from '../backend/readback.ts';
import * as tf from '../tf.ts';
import { evaluate } from './evaluate.ts';
import { predictPictures } from './predict.ts';
import { runStep } from './runStep.ts';
import { speck } from './testing/speck.ts';
import { TINY, twoColourBatches, twoColours } from './testing/twoColours.ts';
import { type TrainEvent, type TrainOptions, train } from './train.ts';
import { createTrainer, readMetrics, type Trainer, type TrainerConfig } from './trainer.ts';
import { uploadBatch } from './upload.ts';

const open: Trainer[] = [];
afterEach(() => {
  for (const trainer of open.splice(0)) trainer.dispose();
});
function trainerOf(changes: Partial<TrainerConfig> = {}): Trainer {
  const config = {
    networkId: 'speck',
    methodId: 'source-only',
    params: { batchSize: 1 },
    seed: 1,
    steps: 6,
    classWeights: new Float32Array(19).fill(1),
    size: TINY,
    ...changes,
  };
  const trainer = createTrainer(config, speck);
  open.push(trainer);
  return trainer;
}

async function* validation(): AsyncGenerator<HostBatch> {
  yield twoColours(9, 0, 2);
  yield twoColours(9, 1, 1);
}
function start(trainer: Trainer, options: Partial<TrainOptions> = {}) {
  const nextBatches = () => Promise.resolve(twoColourBatches(trainer.streams, 1, trainer.step));
  return train(trainer, nextBatches, { nowMs: () => 0, ...options });
}
async function collect(events: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  const list: TrainEvent[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe('train', { timeout: 60_000 }, () => {
  it('tells steps, evaluations where they are due, and the end', async () => {
    const finals: boolean[] = [];
    const batches = (isFinal: boolean) => {
      finals.push(isFinal);
      return validation();
    };
    const events = await collect(start(trainerOf({ steps: 5 }), { evaluation: { every: 2, batches } }));
    expect(events.map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      'step 1',
      'evaluated 1',
      'step 2',
      'evaluated 2',
      'step 3',
      'step 4',
      'evaluated 4',
      'step 5',
      'evaluated 5',
      'finished 5',
    ]);
    expect(finals).toEqual([false, false, false, true]);
  });

  it('reports every step once, whatever the clock says', async () => {
    const histories = [];
    for (const nowMs of [
      () => 0,
      (
        (now) => () =>
          (now += 1e6)
      )(0),
    ]) {
      const events = await collect(start(trainerOf(), { nowMs }));
      const frames = events.flatMap((event) =>
        event.kind === 'step' && event.metrics !== null ? [event.metrics] : [],
      );
      const steps = frames.flatMap((frame) => [...frame['train/loss_seg']!.steps]);
      expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
      histories.push(frames.flatMap((frame) => [...frame['train/loss_seg']!.values]));
    }
    expect(histories[0]).toEqual(histories[1]);
  });

  it('pauses between two pulls, and stops on return without another step', async () => {
    const trainer = trainerOf();
    const events = start(trainer);
    await events.next();
    expect(trainer.step).toBe(1);
    await events.return();
    expect(trainer.step).toBe(1);
    const rest = await collect(start(trainer));
    expect(rest[0]).toMatchObject({ kind: 'step', step: 2 });
    expect(rest.at(-1)).toEqual({ kind: 'finished', step: 6 });
  });

  it('ends a run whose loss is no longer finite with the step and the last losses', async () => {
    const trainer = trainerOf({ classWeights: new Float32Array(19).fill(Number.NaN) });
    await expect(collect(start(trainer))).rejects.toMatchObject({
      code: 'train.diverged',
      context: { step: 1, loss: 'loss_seg', lastLosses: 'NaN' },
    });
  });
});

describe('createTrainer', () => {
  it('refuses sizes that the network does not take', () => {
    expect(() => trainerOf({ size: { width: 17, height: 8 } })).toThrow(
      expect.objectContaining({ code: 'config.invalid', context: expect.objectContaining({ sizeMultiple: 2 }) }),
    );
  });
  it('takes new parameters from the next step on, and refuses wrong ones', async () => {
    const trainer = trainerOf({ steps: 1000 });
    await runStep(trainer, twoColourBatches(trainer.streams, 1, 0));
    trainer.setParams({ batchSize: 2, learningRate: 0.03 });
    expect(trainer.streams).toEqual({ source: 2 });
    await runStep(trainer, twoColourBatches(trainer.streams, 1, 1));
    const [first = 0, second = 0] = (await readMetrics(trainer))!['train/lr']!.values;
    // Ten times the rate, and the second step of the warm-up.
    expect(second / first).toBeCloseTo(20, 1);
    expect(() => trainer.setParams({ learningRate: 7 })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
  it('names a batch that is missing or of the wrong size', async () => {
    const trainer = trainerOf();
    await expect(runStep(trainer, {})).rejects.toThrow(/"source"/);
    await expect(runStep(trainer, { source: twoColours(1, 0, 2) })).rejects.toThrow(/2 images.*expected 1/);
  });
});

describe('evaluate', () => {
  it('counts every labelled pixel once, as the host does', async () => {
    const trainer = trainerOf();
    const evaluation = await evaluate(trainer.predict, validation(), 7);
    const expected = new Float64Array(361);
    for await (const batch of validation()) {
      const classes = tf.tidy(() => tf.argMax(trainer.predict(uploadBatch(batch, false).images), 3));
      (await readValues(classes)).forEach((predicted, i) => {
        expected[batch.labels![i]! * 19 + predicted]! += 1;
      });
      classes.dispose();
    }
    expect(evaluation).toEqual({ step: 7, images: 3, confusion: expected });
    expect(scoresOf(evaluation.confusion).pixels).toBe(3 * TINY.width * TINY.height);
  });
  it('is 100 % for a network that sees the truth, ignored pixels aside', async () => {
    const batch = twoColours(3, 0, 1);
    batch.labels!.fill(255, 0, 100);
    // Red tells the two classes apart at -0.2, half way between dark and bright.
    const truth = (images: tf.Tensor4D): tf.Tensor4D => {
      const bright = tf.add(tf.slice(images, [0, 0, 0, 0], [-1, -1, -1, 1]), 0.2);
      return tf.concat([tf.neg(bright), bright, tf.fill([1, TINY.height, TINY.width, 17], -9)], 3) as tf.Tensor4D;
    };
    const once = async function* () {
      yield batch;
    };
    const scores = scoresOf((await evaluate(truth, once(), 0)).confusion);
    expect(scores).toMatchObject({ mIoU: 100, classesCounted: 2, pixels: TINY.width * TINY.height - 100 });
  });
});

describe('predictPictures', () => {
  it('packs class and confidence per pixel', async () => {
    const trainer = trainerOf();
    const batch = twoColours(2, 0, 2);
    const frame = await predictPictures(trainer.predict, batch, 4);
    const probabilities = tf.tidy(() => tf.softmax(trainer.predict(uploadBatch(batch, false).images)));
    const values = await readValues(probabilities);
    probabilities.dispose();
    expect(frame.step).toBe(4);
    frame.predictions.forEach(({ classes, confidence }, n) => {
      expect(classes).toHaveLength(TINY.width * TINY.height);
      classes.forEach((predicted, pixel) => {
        const row = values.subarray((n * classes.length + pixel) * 19, (n * classes.length + pixel + 1) * 19);
        const largest = Math.max(...row);
        expect(largest - row[predicted]!).toBeLessThan(1e-6);
        // Rounded down; the two softmax computations may differ in the last bit.
        expect(Math.abs(confidence[pixel]! + 0.5 - largest * 65535)).toBeLessThan(0.6);
      });
    });
  });
});

describe('memory', { timeout: 120_000 }, () => {
  it('is flat over 200 steps after warm-up', async () => {
    const trainer = trainerOf({ steps: 1000, params: { batchSize: 1, jitter: 1 } });
    const batches = twoColourBatches(trainer.streams, 1, 0);
    const readings: { tensors: number; gpuBytes: number | null }[] = [];
    for (let k = 0; k < 220; k++) {
      await runStep(trainer, batches);
      if (k % 20 !== 19) continue;
      await readMetrics(trainer);
      readings.push(memory());
    }
    const [, ...afterWarmUp] = readings;
    expect(afterWarmUp).toHaveLength(10);
    for (const reading of afterWarmUp) expect(reading).toEqual(afterWarmUp[0]);
    if (tf.getBackend() === 'webgpu') expect(afterWarmUp[0]?.gpuBytes).toBeGreaterThan(0);
  });
});
