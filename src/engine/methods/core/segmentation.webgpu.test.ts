// What plain segmentation makes of a network with a second classifier.
import { afterEach, describe, expect, it } from 'vitest';
import { readAll } from '../../backend/readback.ts';
import { runStep } from '../../training/runStep.ts';
import { twoColourBatches } from '../../training/testing/twoColours.ts';
import { createTrainer, readMetrics, type Trainer } from '../../training/trainer.ts';

const open: Trainer[] = [];
afterEach(() => {
  for (const trainer of open.splice(0)) trainer.dispose();
});
const SIZE = { width: 24, height: 16 };

function trainerOf(levels: 'single' | 'multi'): Trainer {
  const trainer = createTrainer({
    networkId: 'deeplab-v2-r50',
    networkParams: { width: 4, levels },
    methodId: 'source-only',
    params: { batchSize: 1 },
    seed: 1,
    steps: 10,
    classWeights: new Float32Array(19).fill(1),
    size: SIZE,
  });
  open.push(trainer);
  return trainer;
}

describe('plain segmentation', { timeout: 120_000 }, () => {
  it('trains both classifiers of a network that has two, the auxiliary one at a tenth', async () => {
    const trainer = trainerOf('multi');
    const heads = trainer.network.parameters.filter(({ name }) => /layer[56]\.conv2d_list\.0\.weight/.test(name));
    expect(heads).toHaveLength(2);
    const variables = heads.map(({ variable }) => variable);
    const before = await readAll(variables);
    await runStep(trainer, twoColourBatches(trainer.streams, 1, 0, SIZE));
    const after = await readAll(variables);
    for (const [i, values] of after.entries()) {
      expect(
        values.some((value, k) => value !== before[i]![k]),
        heads[i]!.name,
      ).toBe(true);
    }
    const loss = (await readMetrics(trainer))!['train/loss_seg']!.values[0]!;
    // Weights of 0.01 predict nothing yet: every class alike, from either depth.
    expect(loss).toBeCloseTo(1.1 * Math.log(19), 1);
  });

  it('plans no weight for a classifier that is not there', () => {
    const { running, params } = trainerOf('single');
    expect(running.plan(0, 10, params, undefined as never)).not.toHaveProperty('auxWeight');
  });
});
