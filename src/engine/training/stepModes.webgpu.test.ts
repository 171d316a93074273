// How a step is run is nobody's business but the developer's who looks: eagerly, timed or compiled, the same bits.
import { afterEach, expect, it } from 'vitest';
import { packCheckpoint } from './checkpoint.ts';
import { closeAll, metricsOf, run, trainerOf } from './testing/methodRuns.ts';

afterEach(closeAll);

it('steps that change to eager, are timed and change back end with the bits of compiled ones', async () => {
  const [compiled, changing] = [trainerOf('source-only', { batchSize: 1 }), trainerOf('source-only', { batchSize: 1 })];
  await run(compiled, 6);
  await run(changing, 2);
  expect(changing.compiled?.needs).not.toBeNull();
  changing.eager = true;
  expect(changing.compiled).toBeNull();
  await run(changing, 3);
  changing.eager = false;
  changing.timesNextStep = true;
  await run(changing, 6);
  expect(changing.compiled?.needs).not.toBeNull();
  expect(await metricsOf(changing)).toEqual(await metricsOf(compiled));
  expect(await packCheckpoint(changing)).toEqual(await packCheckpoint(compiled));
});

it('a timed step tells what its dispatches took, by program, and times no other step', async () => {
  const trainer = trainerOf('source-only', { batchSize: 1 });
  await run(trainer, 1);
  expect(trainer.dispatchTimes).toBeNull();
  trainer.timesNextStep = true;
  await run(trainer, 2);
  const times = trainer.dispatchTimes!;
  expect(times.count).toBe(trainer.stepDispatches);
  expect(times.programs.reduce((sum, { dispatches }) => sum + dispatches, 0)).toBe(times.count);
  expect(times.programs.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(times.totalMs);
  expect(times.longestMs).toBeGreaterThan(0);
  expect(times.programs.map(({ ms }) => ms)).toEqual(times.programs.map(({ ms }) => ms).toSorted((a, b) => b - a));
  expect(times.programs.every(({ name }) => name !== '')).toBe(true);
  await run(trainer, 3);
  expect(trainer.dispatchTimes).toBe(times);
});
