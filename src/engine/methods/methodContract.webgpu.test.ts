// What training has to keep for every method, over all that are registered. On WebGPU, where a step is compiled; the CPU backend
// runs the same program eagerly, which methodSmoke.cpu.test.ts shows of each.
import { afterEach, describe, expect, it } from 'vitest';
import { memory } from '../backend/memory.ts';
import * as tf from '../tf.ts';
import { packCheckpoint, restoreCheckpoint } from '../training/checkpoint.ts';
import { runStep } from '../training/runStep.ts';
import { stepViews } from '../training/stepViews.ts';
import { closeAll, metricsOf, run, STEPS, smallest, trainerOf } from '../training/testing/methodRuns.ts';
import { TINY, twoColourBatches, twoColours } from '../training/testing/twoColours.ts';
import { translatePictures } from '../training/translate.ts';
import { exportWeights, importWeights } from '../training/weights.ts';
import { METHODS } from './registry.ts';

afterEach(closeAll);

describe.each(METHODS)('$info.id', { timeout: 60_000 }, (method) => {
  const { info } = method;
  const params = smallest(method);

  it('reports every declared loss, finite, and nothing else; the segmentation loss falls', async () => {
    const trainer = trainerOf(info.id, params);
    const steps = info.produces === 'translator' ? 5 : STEPS;
    await run(trainer, steps);
    const frame = await metricsOf(trainer);
    expect(Object.keys(frame)).toEqual(info.metrics.map(({ key }) => key));
    for (const series of Object.values(frame)) {
      expect([...series.steps]).toEqual(Array.from({ length: steps }, (_, k) => k + 1));
      expect(series.values.every(Number.isFinite)).toBe(true);
    }
    if (info.produces === 'translator') return;
    const { values } = frame['train/loss_seg']!;
    const mean = (part: Float64Array): number => part.reduce((sum, x) => sum + x, 0) / part.length;
    expect(mean(values.slice(-5))).toBeLessThan(0.5 * mean(values.slice(0, 5)));
  });

  it('keeps no tensor from step to step', async () => {
    const before = memory().tensors;
    const trainer = trainerOf(info.id, params);
    await run(trainer, 1); // compiling makes the tensors that inputs are written to
    await metricsOf(trainer);
    const { tensors } = memory();
    await run(trainer, 3);
    await metricsOf(trainer);
    expect(memory().tensors).toBe(tensors);
    closeAll();
    expect(memory().tensors).toBe(before);
  });

  it('gives the same bits for the same seed, and others for another', async () => {
    const [first, second, other] = [
      trainerOf(info.id, params),
      trainerOf(info.id, params),
      trainerOf(info.id, params, 4),
    ];
    for (const trainer of [first, second, other]) await run(trainer, 5);
    const frame = await metricsOf(first);
    expect(await metricsOf(second)).toEqual(frame);
    expect(await metricsOf(other)).not.toEqual(frame);
    expect(await packCheckpoint(second)).toEqual(await packCheckpoint(first));
  });

  it('computes the same bits compiled and eagerly', async () => {
    const [compiled, eager] = [trainerOf(info.id, params), trainerOf(info.id, params, 3, true)];
    expect(eager.compiled).toBeNull();
    expect(compiled.compiled).not.toBeNull();
    for (const trainer of [compiled, eager]) await run(trainer, 4);
    expect(await metricsOf(compiled)).toEqual(await metricsOf(eager));
    expect(await packCheckpoint(compiled)).toEqual(await packCheckpoint(eager));
  });

  it('continues from a checkpoint with the bits of an uninterrupted run', async () => {
    const whole = trainerOf(info.id, params);
    await run(whole, 3);
    const file = await packCheckpoint(whole, { sampler: '{"cursor":3}' });
    await run(whole, 6);
    // It has seen other images: everything that matters has to come from the file.
    const resumed = trainerOf(info.id, params);
    await runStep(resumed, twoColourBatches(resumed.streams, 99, 0));
    await metricsOf(resumed);
    expect(restoreCheckpoint(resumed, file)).toEqual({ sampler: '{"cursor":3}' });
    expect(resumed.step).toBe(3);
    await run(resumed, 6);
    const tail = Object.entries(await metricsOf(whole)).map(([key, { values }]) => [key, [...values.slice(3)]]);
    expect(Object.entries(await metricsOf(resumed)).map(([key, { values }]) => [key, [...values]])).toEqual(tail);
    expect(await packCheckpoint(resumed)).toEqual(await packCheckpoint(whole));
  });

  it('shows what it declares of a step, and changes nothing by it', async () => {
    const [watched, unwatched] = [trainerOf(info.id, params), trainerOf(info.id, params)];
    const host = twoColourBatches(watched.streams, 1, 0);
    const before = memory().tensors;
    const views = await stepViews(watched, host);
    expect(memory().tensors).toBe(before);
    expect(views.map(({ count, size, values, ...spec }) => spec)).toEqual(info.views ?? []);
    for (const { kind, count, size, values, name } of views) {
      expect(values.length, name).toBe(count * size.width * size.height * (kind === 'image' ? 3 : 1));
      if (kind !== 'map') expect(size, name).toEqual(TINY);
      if (kind === 'label') expect([...values].filter((id) => id >= 19 && id !== 255)).toEqual([]);
    }
    for (const trainer of [watched, unwatched]) await runStep(trainer, host);
    expect(await metricsOf(watched)).toEqual(await metricsOf(unwatched));
    expect(await packCheckpoint(watched)).toEqual(await packCheckpoint(unwatched));
  });

  if (info.produces === 'segmenter') {
    it.each([5, 48])('learns %i classes, predicts a score for each, and shows no other', async (classes) => {
      const trainer = trainerOf(info.id, params, 3, false, classes);
      const host = twoColourBatches(trainer.streams, 1, 0);
      for (const { kind, values } of await stepViews(trainer, host)) {
        if (kind === 'label') expect([...values].filter((id) => id >= classes && id !== 255)).toEqual([]);
      }
      await run(trainer, 2);
      for (const { values } of Object.values(await metricsOf(trainer)))
        expect(values.every(Number.isFinite)).toBe(true);
      const shape = tf.tidy(() => trainer.predict(tf.zeros([2, TINY.height, TINY.width, 3])).shape);
      expect(shape).toEqual([2, TINY.height, TINY.width, classes]);
    });
  } else {
    it('translates pictures into pictures, each by itself and its key alone, and predicts nothing', async () => {
      const { product, predict } = trainerOf(info.id, params);
      if (product.kind !== 'translator') throw new Error('Not what the method says it produces.');
      const both = twoColours(1, 0, 2);
      const half = both.images.length / 2;
      const second = { ...both, count: 1, images: both.images.slice(half), labels: null };
      const bytes = await translatePictures(product.translate, both, [5, 6]);
      expect(bytes).toHaveLength(both.images.length);
      expect(await translatePictures(product.translate, second, [6])).toEqual(bytes.slice(half));
      expect(() => tf.tidy(() => predict(tf.zeros([1, TINY.height, TINY.width, 3])))).toThrow(/no predictions/);
    });

    it('opens its translator without the rest: fewer tensors, and with the same weights the same bytes', async () => {
      const trainer = trainerOf(info.id, params);
      if (trainer.product.kind !== 'translator') throw new Error('Not what the method says it produces.');
      await run(trainer, 2);
      await metricsOf(trainer);
      const weights = await exportWeights(trainer.network);
      const pictures = twoColours(1, 0, 2);
      const expected = await translatePictures(trainer.product.translate, pictures, [5, 6]);
      closeAll();
      const before = memory().tensors;
      const { network, translate } = method.translator!.open({ params, seed: 99 });
      expect(memory().tensors - before).toBe(network.parameters.length);
      importWeights(network, weights);
      expect(await translatePictures(translate, pictures, [5, 6])).toEqual(expected);
      network.dispose();
      expect(memory().tensors).toBe(before);
    });
  }
});
