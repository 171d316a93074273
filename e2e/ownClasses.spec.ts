// Brings two folders under a table of classes of one's own, trains from one to the other, and looks at every class: its bar
// under its name, its colour in the pictures.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { greyPng, photoPng } from '../src/testing/imageFiles.ts';
import { ownClasses } from '../src/testing/ownClasses.ts';
import { atLength } from '../src/testing/slow.ts';
import { expect, test } from './support/studioPage.ts';

const SIZE = { width: 64, height: 32 };

/** Pictures in which every class has columns; class c is written as 100 + c. */
function writeSet(directory: string, classes: number): void {
  const { width, height } = SIZE;
  for (const part of ['images', 'labels']) mkdirSync(join(directory, part), { recursive: true });
  for (let i = 0; i < 10; i++) {
    const labels = Uint8Array.from({ length: width * height }, (_, p) => 100 + ((i + (p % width)) % classes));
    writeFileSync(join(directory, 'images', `${i}.png`), photoPng(width, height, i));
    writeFileSync(join(directory, 'labels', `${i}.png`), greyPng(width, height, labels));
  }
}

for (const count of atLength([5, 33], [33])) {
  test(`${count} classes of one's own train, score and are drawn`, async ({ studio, page }, info) => {
    // A software GPU compiles kernels for the number of classes.
    test.slow();
    const classes = ownClasses(count);
    const folders = [info.outputPath('mine'), info.outputPath('theirs')] as const;
    const table = info.outputPath('table.csv');
    const rows = classes.map(({ name, rgb }, c) => [100 + c, name, ...rgb].join(','));
    for (const folder of folders) writeSet(folder, count);
    writeFileSync(table, `value,name,r,g,b\n${rows.join('\n')}\n`);
    await studio.open('network=toy');

    for (const [side, folder] of [['source', folders[0]] as const, ['target', folders[1]] as const]) {
      await studio.chooseFolder(folder);
      await expect(studio.report).toBeVisible();
      await page.getByTestId('import-table-input').setInputFiles(table);
      await page.getByTestId('import-look-again').click();
      await expect(page.getByTestId('import-coding')).toContainText('table.csv');
      await expect(studio.report.getByText(`kind ${count - 1}`, { exact: true })).toBeVisible();
      await studio.setTileSize(SIZE);
      await studio.report.getByText('Later').click();
      await studio.button('import-start').click();
      await studio.chooseDataset(side, side === 'source' ? 'mine' : 'theirs');
    }
    for (const folder of folders) rmSync(folder, { recursive: true });

    await studio.configure({ steps: 4, evaluateEvery: 2, evaluationImages: 2, batchSize: 1 });
    await studio.train();
    await studio.expectStatus('finished');
    for (const [index, { name }] of classes.entries()) {
      await expect(page.getByTestId(`iou-bar-${index}`)).not.toHaveText('–');
      await expect(page.getByText(name, { exact: true }).first()).toBeAttached();
    }
    await expect(page.getByTestId(`iou-bar-${count}`)).toHaveCount(0);
    await expect(page.getByText(`${count} classes`)).toBeVisible();
    const truth = await studio.painted(page.getByTestId('picture-truth-0'));
    expect(truth.colours).toBe(count);
    await expect(studio.failure).toHaveCount(0);
  });
}
