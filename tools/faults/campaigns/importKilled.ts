// The page, or the whole browser, killed while it imports a folder; the folder is given again: the import goes on, and ends with
// every tile once and as it is.
import type { Page } from '@playwright/test';
import { RandomStream } from '../../../src/domain/rng.ts';
import type { Campaign, Fault } from '../campaign.ts';
import { importEnded, photoFolder, startImport } from '../importsInPage.ts';
import { storedDatasets } from '../storedInPage.ts';
import { pause, StudioBrowser, spoken, until } from '../studioBrowser.ts';

const KILLS_AN_IMPORT = 4;

export const importKilled: Campaign = {
  name: 'import killed',
  tries: 40,
  async *run(seed, tries, { page: folder }) {
    const random = new RandomStream(seed, 'import killed');
    const photos = photoFolder();
    try {
      const whole = await inBrowser(folder, async (browser) => {
        const page = await browser.open();
        await startImport(page, photos.path);
        await importEnded(page);
        return (await storedDatasets(page))[0];
      });
      if (whole?.state !== 'ready') throw new Error(`An import that nobody disturbed is ${whole?.state}.`);
      for (let done = 0; done < tries; done += KILLS_AN_IMPORT) {
        const kills = Math.min(KILLS_AN_IMPORT, tries - done);
        yield* await inBrowser(folder, (browser) => killedImport(browser, random, kills, photos.path, whole.sum));
      }
    } finally {
      photos.remove();
    }
  },
};

/** On a profile of its own: nothing is stored before. */
async function inBrowser<T>(folder: string, work: (browser: StudioBrowser) => Promise<T>): Promise<T> {
  const browser = await StudioBrowser.start(folder);
  try {
    return await work(browser);
  } finally {
    await browser.dispose();
  }
}

async function killedImport(
  browser: StudioBrowser,
  random: RandomStream,
  kills: number,
  path: string,
  whole: string,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  let page = await browser.open();
  let isStarted = await startImport(page, path);
  for (let i = 0; i < kills && isStarted; i++) {
    const afterMs = random.uniform(0, 1500);
    const isWhole = random.uniform() < 0.4;
    await pause(afterMs);
    const before = (await storedDatasets(page))[0]?.tiles ?? 0;
    page = await killed(browser, page, isWhole);
    const stored = await storedDatasets(page);
    const [dataset] = stored;
    const shown = dataset === undefined || (await isListed(page, dataset.id));
    const isOver = dataset?.state === 'ready';
    isStarted = !isOver && (await startImport(page, path));
    faults.push({
      what: `${isWhole ? 'kill of the browser' : 'reload'}, ${afterMs.toFixed(0)} ms on`,
      isLost: stored.length > 1 || (dataset?.tiles ?? 0) < before || dataset?.isWhole === false,
      isTold: shown,
      isRecovered: isOver || isStarted,
      found: stored.map(({ id, state, tiles }) => `${id} ${state} ${tiles}`).join(', '),
    });
    if (isOver) break;
  }
  const last = isStarted ? await importEnded(page) : null;
  const stored = await storedDatasets(page);
  const isEqual = stored.length === 1 && stored[0]?.state === 'ready' && stored[0].sum === whole;
  const found = `${last === null ? 'over before' : spoken(last)}; ${stored.length} datasets, ${stored[0]?.tiles} tiles`;
  faults.push({ what: 'the end', isLost: !isEqual, isTold: true, isRecovered: isEqual, found });
  return faults;
}

const isListed = async (page: Page, id: string): Promise<boolean> => {
  const { shown } = await until(page, (now) => now.shown.includes(`dataset-${id}`), 10_000);
  return shown.includes(`dataset-${id}`);
};

async function killed(browser: StudioBrowser, page: Page, isWhole: boolean): Promise<Page> {
  if (isWhole) await browser.killBrowser();
  else await page.close();
  return browser.open();
}
