// What every method has to keep, run over all that are registered: a new method is under contract by being listed.
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricFrame } from '../../domain/metrics.ts';
import { defaultsOf, type ParamValues } from '../../domain/params.ts';
import { memory } from '../gpu/memory.ts';
import * as tf from '../tf.ts';
import { packCheckpoint, restoreCheckpoint } from '../training/checkpoint.ts';
import { runStep } from '../training/runStep.ts';
import { stepViews } from '../training/stepViews.ts';
import { speck } from '../training/testing/speck.ts';
import { TINY, twoColourBatches, twoColours } from '../training/testing/twoColours.ts';
import { createTrainer, readMetrics, type Trainer } from '../training/trainer.ts';
import { translatePictures } from '../training/translate.ts';
import { METHODS, methodEntry } from './registry.ts';

const STEPS = 80;
const open: Trainer[] = [];
const weights = new Float32Array(19).fill(1);

function trainerOf(methodId: string, params: ParamValues, seed = 3, eager = false): Trainer {
  const config = { networkId: 'speck', methodId, params, seed, steps: STEPS, classWeights: weights, size: TINY, eager };
  const trainer = createTrainer(config, speck);
  open.push(trainer);
  return trainer;
}
async function run(trainer: Trainer, until: number): Promise<void> {
  while (trainer.step < until) await runStep(trainer, twoColourBatches(trainer.streams, 1, trainer.step));
}
async function metricsOf(trainer: Trainer): Promise<MetricFrame> {
  const frame = await readMetrics(trainer);
  expect(frame).not.toBeNull();
  return frame!;
}
afterEach(() => {
  for (const trainer of open.splice(0)) trainer.dispose();
});

describe('methodEntry', () => {
  it('finds each method by its id, once', () => {
    expect(new Set(METHODS.map(({ info }) => info.id)).size).toBe(METHODS.length);
    for (const method of METHODS) expect(methodEntry(method.info.id)).toBe(method);
    expect(() => methodEntry('nonsense')).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});

describe.each(METHODS)('$info.id', { timeout: 60_000 }, (method) => {
  const { info } = method;
  // The smallest batch of its own kind; every stochastic part on.
  const params = {
    ...('batchSize' in info.params ? { batchSize: 1 } : {}),
    ...('targetBatchSize' in info.params ? { targetBatchSize: 1 } : {}),
    ...('cutMixBatch' in info.params ? { cutMixBatch: 1 } : {}),
    ...('anchorImages' in info.params ? { anchorImages: 1 } : {}),
    ...('views' in info.params ? { views: 2 } : {}),
    ...('jitter' in info.params ? { jitter: 1 } : {}),
    ...('crop' in info.params ? { crop: 8 } : {}),
  };

  it('crosses the bridge: its info is plain data', () => {
    expect(structuredClone(info)).toEqual(info);
  });

  it('reads the streams that it says it needs', () => {
    const streams = method.streams({});
    expect(streams.source !== undefined).toBe(info.needs.sourceLabels || info.produces === 'translator');
    expect(streams.target !== undefined).toBe(info.needs.targetImages);
    expect(streams.labelledTarget !== undefined).toBe(info.needs.targetLabels);
    expect(streams.pseudoTarget !== undefined).toBe(info.needs.pseudoLabels === true);
  });

  it('fixes what decides how many images it reads', () => {
    const defaults = defaultsOf(info.params);
    for (const [key, spec] of Object.entries(info.params)) {
      if (spec.fixed === true) continue;
      const other = spec.kind === 'number' ? spec.max : spec.kind === 'choice' ? spec.options.at(-1)! : !spec.default;
      expect(method.streams({ ...defaults, [key]: other }), key).toEqual(method.streams(defaults));
    }
  });

  it('accepts its defaults and rejects parameters that its specs do not allow', () => {
    expect(() => method.streams(defaultsOf(info.params))).not.toThrow();
    expect(() => method.streams({ nonsense: 1 })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
    for (const [key, spec] of Object.entries(info.params)) {
      const wrong = spec.kind === 'number' ? spec.max + 1 : spec.kind === 'choice' ? 'nonsense' : 'true';
      expect(() => trainerOf(info.id, { [key]: wrong }), key).toThrow(
        expect.objectContaining({ code: 'config.invalid' }),
      );
    }
  });

  it('reports every declared loss, finite, and nothing else; the segmentation loss falls', async () => {
    const trainer = trainerOf(info.id, params);
    const steps = info.produces === 'translator' ? 5 : STEPS;
    await run(trainer, steps);
    const frame = await metricsOf(trainer);
    const keys = [...info.losses, ...method.charted].map((name) => `train/${name}`);
    expect(Object.keys(frame).sort()).toEqual(keys.sort());
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
    open.splice(0);
    trainer.dispose();
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
    expect(compiled.compiled === null).toBe(tf.getBackend() !== 'webgpu');
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
    expect(views.map(({ name, kind }) => ({ name, kind }))).toEqual(info.views ?? []);
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
    it('predicts a score per class and pixel', () => {
      const trainer = trainerOf(info.id, params);
      const shape = tf.tidy(() => trainer.predict(tf.zeros([2, TINY.height, TINY.width, 3])).shape);
      expect(shape).toEqual([2, TINY.height, TINY.width, 19]);
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
  }
});
