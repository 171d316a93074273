// Opens the page with nothing, trains on the built-in street scenes, watches, thresholds, pauses, steps, stops.
import { type Distribution, recordMainThread } from './support/mainThread.ts';
import { expect, test } from './support/studioPage.ts';

const SMALL = 'network=toy&size=32x16';

test('the built-in scenes are there within seconds, on WebGPU', async ({ studio, page }) => {
  const startMs = performance.now();
  await page.goto('/');
  for (const side of ['Source', 'Target']) {
    const picture = page
      .getByRole('img', { name: `${side} picture 1 with its class colours` })
      .locator('canvas')
      .first();
    await expect.poll(async () => (await studio.painted(picture)).colours).toBeGreaterThan(50);
  }
  const shownMs = performance.now() - startMs;
  await studio.ready();
  const deviceMs = performance.now() - startMs;
  // No adapter is a failure here, never a reason to skip.
  await expect(studio.badge).toHaveAttribute('data-backend', 'webgpu');
  await expect(studio.badge).toContainText('WebGPU');
  await expect(studio.button('play')).toBeEnabled();
  console.log(
    `      scenes painted after ${(shownMs / 1000).toFixed(1)} s, WebGPU ready after ${(deviceMs / 1000).toFixed(1)} s`,
  );
});

test('training moves the bars and paints predictions; pause holds, one step is one step, stop ends', async ({
  studio,
  page,
}, info) => {
  await studio.open(SMALL);
  await studio.configure({ steps: 20_000, evaluateEvery: 4, evaluationImages: 4, batchSize: 1 });
  expect((await studio.bars()).every((iou) => iou === null)).toBe(true);

  const startMs = performance.now();
  await studio.train();
  const first = await studio.expectBarsToMove([]);
  console.log(`      first scores after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  await expect(page.getByTestId('miou')).toHaveText(/^\d/);
  await expect.poll(async () => (await studio.painted(studio.canvas('prediction'))).opaque).toBeGreaterThan(0);
  expect((await studio.painted(studio.canvas('photo'))).colours).toBeGreaterThan(50);
  await studio.expectBarsToMove(first);

  await test.step('the page stays quick while training runs at full speed', async () => {
    const before = await studio.step();
    const record = await recordMainThread(page, 4000);
    const { tasks, busy, elapsed, computing } = record;
    const show = ({ maxMs, p99Ms, p50Ms, long }: Distribution): string =>
      `max ${maxMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, median ${p50Ms.toFixed(2)} ms, ${long} over 50 ms`;
    console.log(
      `      main thread: ${tasks} tasks over ${(await studio.step()) - before} steps, ${(100 * busy).toFixed(0)} % busy`,
    );
    console.log(`        elapsed:   ${show(elapsed)}`);
    console.log(`        computing: ${show(computing)}`);
    await info.attach('main-thread.json', { body: JSON.stringify(record, null, 2), contentType: 'application/json' });
    expect(tasks).toBeGreaterThan(20);
    // Where training itself takes every core, a task's elapsed time is mostly waiting for one; what it computes is ours.
    // The aim is 50 ms for every task. On two busy cores the longest has come to 46, so the longest has some room here.
    expect(computing.p99Ms).toBeLessThan(50);
    expect(computing.maxMs).toBeLessThan(100);
  });

  await test.step('pause holds', async () => {
    await studio.pause();
    const held = await studio.step();
    await page.waitForTimeout(1500);
    expect(await studio.step()).toBe(held);
    await expect(page.getByText(`Step ${held}`, { exact: true })).toBeVisible();
  });

  await test.step('the threshold redraws what it keeps without the model', async () => {
    const slider = page.getByRole('slider', { name: 'Confidence threshold' });
    const prediction = await studio.painted(studio.canvas('prediction'));
    const step = await studio.step();
    await slider.focus();
    await page.keyboard.press('Home');
    await expect.poll(async () => (await studio.kept()).kept).toBe((await studio.kept()).pixels);
    const all = await studio.painted(studio.canvas('pseudo'));
    await page.keyboard.press('End');
    await expect.poll(async () => (await studio.kept()).kept).toBe(0);
    const none = await studio.painted(studio.canvas('pseudo'));
    expect(all.opaque).toBe(all.pixels);
    expect(none.hash).not.toBe(all.hash);
    // Nothing but the mask changed: same step, same prediction.
    expect(await studio.step()).toBe(step);
    expect(await studio.painted(studio.canvas('prediction'))).toEqual(prediction);
  });

  await test.step('one step is one step', async () => {
    for (let n = 0; n < 2; n++) {
      const before = await studio.step();
      await studio.button('step').click();
      await expect.poll(() => studio.step()).toBe(before + 1);
      await studio.expectStatus('paused');
      await page.waitForTimeout(500);
      expect(await studio.step()).toBe(before + 1);
    }
  });

  await studio.button('stop').click();
  await studio.expectStatus('stopped');
  await expect(studio.failure).toHaveCount(0);
});
