// A run whose worker is killed again and again, at any moment, ends where a run that was left alone ends. What happens inside
// stages of every kind is held by killedRun.test.ts; here it is a real worker, a real device and a real database that go.
import { RandomStream } from '../src/domain/rng.ts';
import { atLength } from '../src/testing/slow.ts';
import { expect, type StudioPage, test } from './support/studioPage.ts';

/** Each costs half a minute; five in `npm run test:slow`. */
const KILLS = atLength(5, 2);
const SETTINGS = { steps: 100, evaluateEvery: 10, evaluationImages: 4, batchSize: 1 };
const SMALL = 'network=toy&size=32x16';

test(`killed ${KILLS} times while it trains, a run ends with the scores of one that was left alone`, async ({
  studio,
  page,
}) => {
  // Two runs and five page loads.
  test.slow();
  await begin(studio);
  await studio.expectStatus('finished');
  const expected = await standOf(studio);
  expect(expected.step).toBe(SETTINGS.steps);

  const random = new RandomStream(20, 'kills');
  const startMs = performance.now();
  const steps: number[] = [];
  await begin(studio);
  // Before its first save there is nothing to come back to.
  await studio.expectBarsToMove([]);
  while (steps.length < KILLS) {
    await studio.expectStepBeyond((await studio.step()) + random.integer(8));
    await page.waitForTimeout(random.integer(200));
    steps.push(await studio.step());
    // Takes the worker with it, whatever it is doing; nothing in the studio says goodbye.
    await studio.reload();
    await studio.button('resume-run').click();
    await studio.expectStatus('paused');
    await studio.train();
  }
  const elapsedS = ((performance.now() - startMs) / 1000).toFixed(0);
  console.log(`      ${KILLS} kills in ${elapsedS} s, at steps ${steps.join(', ')}`);
  await studio.expectStatus('finished');
  expect(await standOf(studio)).toEqual(expected);
  // Kills that all come at one place, or after the end, would prove little.
  expect(new Set(steps).size).toBeGreaterThan(1);
  await expect(studio.failure).toHaveCount(0);
});

async function begin(studio: StudioPage): Promise<void> {
  await studio.page.goto('about:blank');
  await studio.open(SMALL);
  await studio.configure(SETTINGS);
  await studio.train();
}

async function standOf(studio: StudioPage) {
  await studio.expectChartAt('Loss', SETTINGS.steps);
  return {
    step: await studio.step(),
    bars: await studio.bars(),
    miou: await studio.miou(),
    loss: await studio.chart('Loss'),
    scores: await studio.chart('mIoU over steps'),
  };
}
