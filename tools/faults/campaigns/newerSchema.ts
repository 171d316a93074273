// A page of a newer studio opens the database while an old one trains, waits or imports: the old page says so and stops writing, and
// nothing that is stored is touched.
import type { Page } from '@playwright/test';
import { RandomStream } from '../../../src/domain/rng.ts';
import type { Campaign, Fault } from '../campaign.ts';
import { photoFolder, startImport } from '../importsInPage.ts';
import { toyRun } from '../runsInPage.ts';
import { storedDatasets, storedRuns } from '../storedInPage.ts';
import { pause, press, StudioBrowser, spoken, until } from '../studioBrowser.ts';

const MOMENTS = ['training', 'paused', 'importing', 'idle'] as const;

export const newerSchema: Campaign = {
  name: 'newer schema',
  tries: 16,
  async *run(seed, tries, { page: folder }) {
    const random = new RandomStream(seed, 'newer schema');
    const photos = photoFolder();
    const browser = await StudioBrowser.start(folder);
    try {
      for (let i = 0; i < tries; i++) {
        const moment = MOMENTS[i % MOMENTS.length] ?? 'idle';
        yield { what: `while ${moment}`, ...(await superseded(browser, random, moment, photos.path)) };
      }
    } finally {
      photos.remove();
      await browser.dispose();
    }
  },
};

async function superseded(
  browser: StudioBrowser,
  random: RandomStream,
  moment: (typeof MOMENTS)[number],
  photos: string,
): Promise<Omit<Fault, 'what'>> {
  const old = await browser.open(toyRun(3000));
  if (moment === 'importing') await startImport(old, photos);
  if (moment === 'training' || moment === 'paused') {
    await press(old, 'play');
    await until(old, ({ step }) => step > 0);
  }
  await pause(random.uniform(0, 1500));
  if (moment === 'paused') {
    await press(old, 'pause');
    await until(old, ({ status }) => status === 'paused');
  }
  const context = await browser.context();
  const newer = await context.newPage();
  await newer.goto(`${browser.origin}/favicon.svg`);
  const isOpened = await newer.evaluate(openNewer);
  const before = await standOf(newer);
  const told = await until(old, ({ failures }) => failures.includes('storage.newer-schema'), 10_000);
  // What would be written now: a pause, the next tiles.
  if (moment === 'training') await press(old, 'pause', 3000);
  await pause(1000);
  const after = await standOf(newer);
  await old.close();
  const again = await browser.open();
  const reopened = await until(again, ({ failures }) => failures.includes('storage.newer-schema'), 10_000);
  await again.close();
  await newer.evaluate(() => indexedDB.deleteDatabase('udas-studio'));
  await newer.close();
  return {
    isLost: !isOpened || !before.isWhole || before.text !== after.text,
    isTold: [told, reopened].every(({ failures }) => failures.includes('storage.newer-schema')),
    isRecovered: isOpened,
    found: `opened ${isOpened}; ${before.text} then ${after.text}; ${spoken(told)}; reopened: ${spoken(reopened)}`,
  };
}

async function standOf(page: Page): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const runs = await storedRuns(page);
  const datasets = await storedDatasets(page);
  return { text: JSON.stringify({ runs, datasets }), isWhole: [...runs, ...datasets].every((one) => one.isWhole) };
}

/** Runs in the page: one version on, and closed again. */
function openNewer(): Promise<boolean> {
  return new Promise((resolve) => {
    const present = indexedDB.open('udas-studio');
    present.onsuccess = () => {
      const { version } = present.result;
      present.result.close();
      const opening = indexedDB.open('udas-studio', version + 1);
      opening.onsuccess = () => {
        opening.result.close();
        resolve(true);
      };
      opening.onerror = () => resolve(false);
    };
    present.onerror = () => resolve(false);
  });
}
