// Every method also runs where there is no GPU: two steps, everything declared is there and finite.
import { afterEach, expect, it } from 'vitest';
import { stepViews } from '../training/stepViews.ts';
import { closeAll, metricsOf, run, smallest, trainerOf } from '../training/testing/methodRuns.ts';
import { twoColourBatches } from '../training/testing/twoColours.ts';
import { METHODS } from './registry.ts';

afterEach(closeAll);

it.each(METHODS)('$info.id takes two steps and shows them', async (method) => {
  const { info } = method;
  const trainer = trainerOf(info.id, smallest(method));
  expect(trainer.compiled).toBeNull();
  const views = await stepViews(trainer, twoColourBatches(trainer.streams, 1, 0));
  expect(views.map(({ name }) => name)).toEqual((info.views ?? []).map(({ name }) => name));
  await run(trainer, 2);
  const frame = await metricsOf(trainer);
  expect(Object.keys(frame)).toEqual(info.metrics.map(({ key }) => key));
  for (const { steps, values } of Object.values(frame)) {
    expect([...steps]).toEqual([1, 2]);
    expect(values.every(Number.isFinite)).toBe(true);
  }
});
