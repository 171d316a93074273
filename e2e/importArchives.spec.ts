// Archives as people have them: Cityscapes' two zips dropped together, and a tar.gz beside a broken zip.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tarGzOf } from '../src/testing/archiveFiles.ts';
import { writeCityscapesZips, writeGta5 } from './support/photoFolders.ts';
import { expect, test } from './support/studioPage.ts';

const TILE = { width: 64, height: 32 };
const SIZE = { width: 128, height: 64 };

test('two zips that are dropped together are one dataset', async ({ studio, page }, info) => {
  const folder = info.outputPath('zips');
  await writeCityscapesZips(folder, 10, SIZE);
  const zips = ['leftImg8bit_trainvaltest.zip', 'gtFine_trainvaltest.zip'].map((name) => join(folder, name));
  await studio.open();
  const transfer = await page.evaluateHandle(
    (files) => {
      const data = new DataTransfer();
      for (const { name, base64 } of files) {
        data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name));
      }
      return data;
    },
    zips.map((path) => ({ name: basename(path), base64: readFileSync(path).toString('base64') })),
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  const target = page.getByLabel('Drop folders').locator('..');
  await target.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(studio.report).toHaveAttribute('data-layout', 'cityscapes');
  await expect(page.getByTestId('train-pairs')).toHaveText('9');
  await expect(page.getByTestId('val-pairs')).toHaveText('1');
  await studio.setTileSize(TILE);
  await studio.button('import-start').click();
  await expect(studio.importCard()).toHaveAttribute('data-status', 'done');
  await expect(studio.importCard()).toHaveAttribute('data-tiles', '10');
});

test('a tar.gz is imported, and a broken zip beside it is named', async ({ studio, page }, info) => {
  const [gta5, mixed] = [info.outputPath('gta5'), info.outputPath('mixed')];
  writeGta5(gta5, 4, SIZE);
  const names = ['images', 'labels'].flatMap((kind) => [1, 2, 3, 4].map((n) => `${kind}/0000${n}.png`));
  mkdirSync(mixed);
  const entries = Object.fromEntries(names.map((name) => [`set/${name}`, readFileSync(join(gta5, name))]));
  writeFileSync(join(mixed, 'gta5.tar.gz'), tarGzOf(entries));
  writeFileSync(join(mixed, 'camera.zip'), 'PK\u0003\u0004 and no more');
  await studio.open();
  await studio.chooseFolder(mixed);
  await expect(page.getByTestId('train-pairs')).toHaveText('4');
  await expect(page.getByTestId('issues-data.unreadable-file')).toContainText('camera.zip');
  await studio.setTileSize(TILE);
  await studio.button('import-start').click();
  await expect(studio.importCard()).toHaveAttribute('data-status', 'done');
  await expect(studio.importCard()).toHaveAttribute('data-tiles', '4');
  await expect(studio.failure).toHaveCount(0);

  await test.step('what was unpacked for it lies in the private file system, and goes with the page', async () => {
    const before = await unpacked();
    expect(before).toHaveLength(1);
    await studio.reload();
    await studio.chooseFolder(mixed);
    await expect(studio.report).toBeVisible();
    const after = await unpacked();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  /** Names of the workers' folders. */
  function unpacked(): Promise<readonly string[]> {
    return page.evaluate(async () => {
      const names: string[] = [];
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('unpacked');
      for await (const name of folder.keys()) names.push(name);
      return names;
    });
  }
});
