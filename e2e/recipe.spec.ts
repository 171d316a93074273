// A recipe of several stages from the picker: shortened, played to its end, a setting changed on the way, its ablation steps compared.
import { expect, test } from './support/studioPage.ts';

const STAGES = ['cyclegan', 'translated', 'st', 'uda'] as const;

test('a recipe runs stage by stage, takes a changed setting, and compares its ablation steps', async ({
  studio,
  page,
}) => {
  await studio.open('network=toy&size=32x16');
  await page.getByTestId('method').click();
  await page.getByRole('option', { name: 'Style transfer + UDA', exact: true }).click();
  await page.getByTestId('setting-recipeLength').fill('1');
  await expect(page.getByTestId('stage-list')).toContainText('CycleGAN5 steps');
  const startMs = performance.now();
  await studio.train();
  const stage = (id: string) => page.getByTestId(`stage-${id}`);

  await test.step('a setting of a stage to come can be changed while an earlier one is under way', async () => {
    await expect(stage('cyclegan')).toHaveAttribute('data-state', 'current');
    await studio.pause();
    await stage('uda').getByRole('button').click();
    await page.getByTestId('param-lambdaAdv').fill('0.002');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('param-lambdaAdv')).toHaveCount(0);
    await studio.train();
  });

  await studio.expectStatus('finished');
  console.log(`      four stages after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  for (const id of STAGES) await expect(stage(id)).toHaveAttribute('data-state', 'done');
  for (const id of ['st', 'uda']) await expect(stage(id)).toContainText(/\d\.\d/);

  await test.step('the change is marked on the charts, and the stage kept it', async () => {
    const marks = page.getByRole('figure', { name: 'Loss' }).locator('.recharts-reference-line');
    await expect(marks).toHaveCount(1);
    await stage('uda').getByRole('button').click();
    await expect(page.getByText('0.002', { exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('the rungs stand beside each other, and the one before is a mark on the bars', async () => {
    await studio.choose('score-view', 'Rungs');
    const row = page.getByTestId('rung-uda').getByRole('cell');
    await expect(row.nth(0)).toHaveText(/^\d+\.\d$/);
    await expect(row.nth(1)).toHaveText(/^[+−±]\d+\.\d$/);
    await expect(page.locator('[data-testid^="iou-mark-"]')).not.toHaveCount(0);
  });

  await test.step('what the translator made is shown beside its source', async () => {
    await studio.choose('pane', 'Made');
    const picture = (name: string) =>
      page
        .getByRole('img', { name: `${name}, picture 1` })
        .locator('canvas')
        .first();
    await expect.poll(async () => (await studio.painted(picture('Source as target'))).colours).toBeGreaterThan(50);
    const [source, translated] = [
      await studio.painted(picture('Source')),
      await studio.painted(picture('Source as target')),
    ];
    expect(translated.pixels).toBe(source.pixels);
    expect(translated.hash).not.toBe(source.hash);
  });

  await test.step('the bars can show what a threshold keeps of each class', async () => {
    await studio.choose('pane', 'Validation');
    await studio.choose('measure', 'Kept');
    await page.getByRole('slider', { name: 'Confidence threshold' }).focus();
    await page.keyboard.press('Home');
    await expect(page.getByTestId('kept-note')).toContainText('threshold 0.00');
    await expect(page.locator('[data-testid^="kept-bar-"][data-value="100"]')).not.toHaveCount(0);
  });
  await expect(studio.failure).toHaveCount(0);
});
