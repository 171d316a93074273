// What is CutMix's own: what lies inside and outside the boxes, and what stays out of it. Where it cuts: boxes.pure.test.ts.
import { afterEach, describe, expect, it } from 'vitest';
import type { ParamValues } from '../../../domain/params.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { runStep } from '../../training/runStep.ts';
import { stepViews } from '../../training/stepViews.ts';
import { closeAll, trainerOf as methodTrainer } from '../../training/testing/methodRuns.ts';
import { TINY, twoColours } from '../../training/testing/twoColours.ts';
import { readMetrics, type Trainer } from '../../training/trainer.ts';
import { method as cutmix } from './method.ts';

const trainerOf = (params: ParamValues): Trainer =>
  methodTrainer('cutmix', { batchSize: 1, targetBatchSize: 1, cutMixBatch: 2, lambdaAdv: 0, lambdaConf: 0, ...params });
afterEach(closeAll);

/** Labels tell where a pixel is from: the source's are 3, the target's 7 with a column of 255. */
function batches() {
  const pixels = TINY.width * TINY.height;
  const source = { ...twoColours(1, 0, 3), labels: new Uint8Array(3 * pixels).fill(3) };
  const pasted = twoColours(2, 0, 2);
  const labels = Uint8Array.from({ length: 2 * pixels }, (_, i) => (i % TINY.width === 8 ? 255 : 7));
  return { source, target: twoColours(3, 0, 1), labelledTarget: { ...pasted, labels } };
}

describe('cutmix', () => {
  it('shows inside the box the labelled target, outside the source’s later images, to the pixel', async () => {
    const trainer = trainerOf({ jitter: 0, boxMode: 'half-area' });
    const host = batches();
    const plan = trainer.running.plan(0, 10, trainer.params, new RandomStream(3, 'step', 0));
    const { boxes } = plan;
    if (typeof boxes !== 'object') throw new Error('The plan has no boxes.');
    const views = new Map((await stepViews(trainer, host)).map((view) => [view.name, view.values]));
    const { width, height } = TINY;
    let inside = 0;
    for (let image = 0; image < 2; image++) {
      const [y1 = 0, x1 = 0, y2 = 0, x2 = 0] = boxes.values.slice(4 * image, 4 * image + 4);
      for (let pixel = 0; pixel < width * height; pixel++) {
        const [x, y] = [pixel % width, Math.floor(pixel / width)];
        const isInside = y >= y1 && y < y2 && x >= x1 && x < x2;
        const at = image * width * height + pixel;
        // The first source image is learnt from as it is; the bases are those after it.
        const [from, there] = isInside ? [host.labelledTarget, at] : [host.source, at + width * height];
        expect(views.get('mixed_label')?.[at]).toBe(from.labels[there]);
        for (let c = 0; c < 3; c++) expect(views.get('mixed')?.[3 * at + c]).toBe(from.images[3 * there + c]);
        inside += isInside ? 1 : 0;
      }
    }
    expect(inside / (2 * width * height)).toBeCloseTo(Number(plan.box_share), 6);
  });

  it('jitters the mixed images and neither their labels nor the others', async () => {
    const [plain, jittered] = await Promise.all(
      [0, 1].map(async (jitter) => {
        const trainer = trainerOf({ jitter });
        const views = await stepViews(trainer, batches());
        return new Map(views.map((view) => [view.name, view.values]));
      }),
    );
    for (const name of ['source', 'target', 'mixed_label']) expect(jittered?.get(name), name).toEqual(plain?.get(name));
    expect(jittered?.get('mixed')).not.toEqual(plain?.get('mixed'));
  });

  it('does without an adversary, and learns target labels through its boxes alone', async () => {
    const trainer = trainerOf({ jitter: 0 });
    const host = batches();
    await runStep(trainer, host);
    const frame = await readMetrics(trainer);
    expect(frame?.['train/loss_adv']?.values[0]).toBe(0);
    expect(frame?.['train/loss_cutmix']?.values[0]).toBeGreaterThan(0);
    expect(cutmix.streams({ batchSize: 3, targetBatchSize: 2, cutMixBatch: 5 })).toEqual({
      source: 8,
      target: 2,
      labelledTarget: 5,
    });
  });
});
