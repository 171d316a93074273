// Brings a GTA5 folder and a Cityscapes folder, trains from one to the other, reloads, and goes on where it was.
import { rmSync } from 'node:fs';
import { writeCityscapes, writeGta5 } from './support/photoFolders.ts';
import { expect, test } from './support/studioPage.ts';

const TILE = { width: 64, height: 32 };

test('two folders come in, train, and survive a reload at the same step', async ({ studio, page }, info) => {
  const gta5 = info.outputPath('gta5');
  const cityscapes = info.outputPath('cityscapes');
  writeGta5(gta5, 10, { width: 192, height: 96 });
  writeCityscapes(cityscapes, { train: 6, val: 3 }, { width: 256, height: 128 });
  await studio.open('network=toy');

  await test.step('the report comes before anything is written', async () => {
    await studio.chooseFolder(gta5);
    await expect(studio.report).toHaveAttribute('data-layout', 'gta5');
    await expect(page.getByTestId('train-pairs')).toHaveText('10');
    await expect(page.getByTestId('val-pairs')).toHaveText('0');
    await expect(studio.report).toContainText('192 × 96 (10)');
    await expect(studio.report).toContainText('Every file pairs up and can be read');
    await expect(studio.importCard()).toHaveCount(0);
  });

  await test.step('the first folder is imported and used as the source', async () => {
    await studio.setTileSize(TILE);
    await studio.button('import-start').click();
    await expect(studio.importCard(0)).toHaveAttribute('data-status', 'done');
    await expect(studio.importCard(0)).toHaveAttribute('data-tiles', '10');
    await expect(page.getByTestId('dataset-select-source')).toHaveValue('gta5');
    // A tenth of a dataset without a validation split is held out.
    await expect(page.getByText(/^9 train · 1 val/)).toBeVisible();
  });

  await test.step('the second is imported for later, then chosen as the target', async () => {
    await studio.chooseFolder(cityscapes);
    await expect(studio.report).toHaveAttribute('data-layout', 'cityscapes');
    await expect(page.getByTestId('train-pairs')).toHaveText('6');
    await expect(page.getByTestId('val-pairs')).toHaveText('3');
    await studio.setTileSize(TILE);
    await studio.report.getByText('Later').click();
    await studio.button('import-start').click();
    await expect(page.getByText(/^6 train · 3 val/)).toBeVisible();
    await expect(page.getByTestId('problem')).toBeVisible();
    await studio.chooseDataset('target', 'cityscapes');
    await expect(page.getByTestId('problem')).toHaveCount(0);
  });
  rmSync(gta5, { recursive: true });
  rmSync(cityscapes, { recursive: true });

  await studio.configure({ steps: 20_000, evaluateEvery: 2, evaluationImages: 3, batchSize: 1 });
  await studio.train();
  const first = await studio.expectBarsToMove([]);
  await studio.expectBarsToMove(first);
  await studio.pause();
  const step = await studio.step();
  expect(step).toBeGreaterThan(0);
  await studio.expectPicturesAt(step);
  await studio.expectChartAt('Loss', step);
  const left = await standOf();

  await test.step('after a reload the run is offered, and is where it was', async () => {
    await studio.reload();
    await expect(studio.button('resume-run')).toBeVisible();
    await expect(page.getByText(/^6 train · 3 val/)).toBeVisible();
    await studio.button('resume-run').click();
    await studio.expectStatus('paused');
    expect(await studio.step()).toBe(step);
    // The same weights on the same photos, so the same picture, pixel for pixel.
    await studio.expectPicturesAt(step);
    await expect.poll(standOf).toEqual(left);
  });

  await studio.train();
  await studio.expectStepBeyond(step);
  await studio.expectBarsToMove(left.bars);
  await expect(studio.failure).toHaveCount(0);

  /** Everything that a reload must bring back. */
  async function standOf() {
    return {
      bars: await studio.bars(),
      miou: await studio.miou(),
      loss: await studio.chart('Loss'),
      scores: await studio.chart('mIoU over steps'),
      prediction: await studio.painted(studio.canvas('prediction')),
      confidence: await studio.painted(studio.canvas('confidence')),
    };
  }
});
