// What people really drop: nothing, the wrong folder, damaged files; and a tab that dies in the middle.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGta5 } from './support/photoFolders.ts';
import { expect, test } from './support/studioPage.ts';

const TILE = { width: 64, height: 32 };

test('a folder that holds no pairs is named, and the page goes on', async ({ studio, page }, info) => {
  const holiday = info.outputPath('holiday');
  mkdirSync(holiday);
  writeFileSync(join(holiday, 'notes.txt'), 'Bring sun cream.');
  writeFileSync(join(holiday, 'beach.raw'), new Uint8Array(64));
  await studio.open();
  await studio.chooseFolder(holiday);
  const error = page.getByTestId('import-error');
  await expect(error).toHaveAttribute('data-code', 'data.unknown-layout');
  await expect(error).toContainText('holiday');

  await test.step('an empty folder too', async () => {
    const empty = info.outputPath('empty');
    mkdirSync(empty);
    writeFileSync(join(empty, '.DS_Store'), '');
    await studio.chooseFolder(empty);
    await expect(error).toHaveAttribute('data-code', 'data.empty-dataset');
    await expect(error).toContainText('no files');
  });

  // The next drop is none the worse for it.
  const good = info.outputPath('good');
  writeGta5(good, 2, { width: 64, height: 32 });
  await studio.chooseFolder(good);
  await expect(page.getByTestId('train-pairs')).toHaveText('2');
  await expect(error).toHaveCount(0);
});

test('damaged files are listed with their reasons, and the rest is imported', async ({ studio, page }, info) => {
  const folder = info.outputPath('gta5');
  writeGta5(folder, 8, { width: 128, height: 64 });
  const cut = join(folder, 'images', '00002.png');
  writeFileSync(cut, readFileSync(cut).subarray(0, 1000));
  writeFileSync(join(folder, 'labels', '00003.png'), 'this is text');
  writeFileSync(join(folder, 'images', '00005.png'), '');
  await studio.open();
  await studio.chooseFolder(folder);
  const issues = page.getByTestId('issues-data.unreadable-file');
  for (const [path, reason] of [
    ['images/00002.png', 'cut off'],
    ['labels/00003.png', 'not a PNG'],
    ['images/00005.png', '0 bytes'],
  ]) {
    await expect(issues.getByRole('row').filter({ hasText: path ?? '' })).toContainText(reason ?? '');
  }
  await studio.setTileSize(TILE);
  await studio.button('import-start').click();
  await expect(studio.importCard()).toHaveAttribute('data-status', 'done');
  await expect(studio.importCard()).toHaveAttribute('data-tiles', '5');
  // Files are opened when they are read: the import finds all three out, the empty one, too.
  await expect(studio.importCard()).toContainText('3 issues');
  await expect(studio.failure).toHaveCount(0);
});

test('a reload in the middle of an import loses no more than a batch', async ({ studio, page }, info) => {
  const pairs = 240;
  const folder = info.outputPath('gta5');
  writeGta5(folder, pairs, { width: 640, height: 320 }, 6);
  await studio.open();
  await studio.chooseFolder(folder);
  await studio.setTileSize(TILE);
  await studio.button('import-start').click();
  await expect.poll(async () => Number(await studio.importCard().getAttribute('data-tiles'))).toBeGreaterThan(0);
  const written = Number(await studio.importCard().getAttribute('data-tiles'));
  expect(written).toBeLessThan(pairs);

  await studio.reload();
  await expect(page.getByText('Incomplete: drop the same files to continue')).toBeVisible();
  await studio.chooseFolder(folder);
  const resumes = page.getByTestId('import-resumes');
  await expect(resumes).toBeVisible();
  const after = Number(/after (\d+) pairs/.exec((await resumes.textContent()) ?? '')?.[1]);
  expect(after).toBeGreaterThanOrEqual(written);
  expect(after).toBeLessThan(pairs);
  await studio.button('import-start').click();
  await expect(studio.importCard()).toHaveAttribute('data-status', 'done');
  await expect(studio.importCard()).toHaveAttribute('data-tiles', String(pairs));
  await expect(page.getByText('Incomplete')).toHaveCount(0);
});
