// What ends a run before its time, and how it goes on: the GPU process dies, a second tab takes the run over, somebody stops it and
// thinks again.
import { expect, StudioPage, test } from './support/studioPage.ts';

test('a run comes back from a dead GPU process, moves to another tab, is stopped and goes on', async ({
  studio,
  page,
  browser,
  baseURL,
}) => {
  await studio.open('network=toy&size=32x16');
  await studio.configure({ steps: 20_000, evaluateEvery: 20, evaluationImages: 2, batchSize: 1 });
  await studio.train();
  await studio.expectStepBeyond(20);

  await test.step('the GPU process is killed: the page brings device and run back, and says so', async () => {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const gpu = processInfo.find(({ type }) => type === 'GPU');
    process.kill(gpu?.id ?? Number.NaN, 'SIGKILL');
    await expect(page.getByTestId('recovery')).toHaveAttribute('data-code', 'gpu.device-lost');
    await studio.expectStatus('running');
    await studio.expectStepBeyond(await studio.step());
    await expect(studio.failure).toHaveCount(0);
  });

  const second = new StudioPage(await page.context().newPage(), new URL(baseURL ?? '').origin);
  await test.step('a second tab watches the run, then takes it over; the first watches from then on', async () => {
    await second.open();
    await second.button('resume-run').click();
    await expect(second.page.getByTestId('continue-card')).toBeVisible();
    await second.expectStepBeyond(await second.step());
    await second.page.getByTestId('take-over').click();
    await second.expectStatus('paused');
    await expect(page.getByTestId('continue-card')).toBeVisible();
    await second.train();
    const step = await second.step();
    await second.expectStepBeyond(step);
    await studio.expectStepBeyond(step);
  });

  await test.step('a stopped run goes on where it was', async () => {
    await second.button('stop').click();
    await second.expectStatus('stopped');
    const step = await second.step();
    await second.page.getByTestId('continue-run').click();
    await second.expectStatus('running');
    await second.expectStepBeyond(step);
  });
  expect([...second.errors, ...second.foreignRequests]).toEqual([]);
});
