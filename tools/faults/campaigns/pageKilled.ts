// The page closed, reloaded, crashed, or killed with the whole browser, at any moment of a run: it is offered again, goes on, and
// ends where a run ends that was left alone.
import type { Page } from '@playwright/test';
import { RandomStream } from '../../../src/domain/rng.ts';
import type { Campaign, Fault } from '../campaign.ts';
import { type StoredRun, storedRuns } from '../storedInPage.ts';
import { look, pause, press, StudioBrowser, spoken, toyRun, until } from '../studioBrowser.ts';

const STEPS = 240;
/** Of one run: it ends before more of them could reach it. */
const KILLS_A_RUN = 6;
const WAYS = ['reload', 'close', 'crash', 'kill of the browser'] as const;

export const pageKilled: Campaign = {
  name: 'page killed',
  tries: 60,
  async *run(seed, tries, { page: folder }) {
    const random = new RandomStream(seed, 'page killed');
    const browser = await StudioBrowser.start(folder);
    try {
      const whole = await wholeRun(browser);
      for (let done = 0; done < tries; done += KILLS_A_RUN) {
        yield* killedRun(browser, random, Math.min(KILLS_A_RUN, tries - done), whole);
      }
    } finally {
      await browser.dispose();
    }
  },
};

/** What a run leaves that nobody disturbs. */
export async function wholeRun(browser: StudioBrowser, hash = toyRun(STEPS)): Promise<string> {
  const page = await browser.open(hash);
  await press(page, 'play');
  const run = await finishedRun(page);
  await page.close();
  if (run === undefined) throw new Error('A run that nobody disturbed does not finish.');
  return run.sum;
}

async function* killedRun(
  browser: StudioBrowser,
  random: RandomStream,
  kills: number,
  whole: string,
): AsyncGenerator<Fault> {
  let page = await browser.open(toyRun(STEPS));
  await press(page, 'play');
  let before = 0;
  for (let i = 0; i < kills; i++) {
    // The first one comes before anything is saved.
    const afterMs = random.uniform(0, i === 0 ? 1500 : 4000);
    const way = WAYS[random.integer(WAYS.length)] ?? 'reload';
    await until(page, ({ status }) => status === 'running' || status === 'finished');
    await pause(afterMs);
    page = await killedPage(browser, page, way);
    const offered = await until(page, ({ shown }) => shown.includes('resume-run'), 10_000);
    const [run] = await storedRuns(page);
    const isOver = run?.status === 'finished';
    const isOffered = offered.shown.includes('resume-run');
    const isOpened = isOver || (await resumed(page));
    yield {
      what: `${way}, ${afterMs.toFixed(0)} ms on`,
      isLost: run === undefined || run.step < before || !run.isWhole,
      isTold: isOver || isOffered,
      isRecovered: isOpened,
      found: `stored ${JSON.stringify(run)} after step ${before}; the page: ${spoken(offered)}`,
    };
    before = run?.step ?? 0;
    if (isOver || !isOpened) break;
  }
  yield await theEnd(page, whole);
  await page.close();
}

/** Opens the run that is offered and trains on. False where that cannot be done. */
export async function resumed(page: Page): Promise<boolean> {
  if (!(await press(page, 'resume-run'))) return false;
  await until(page, ({ status }) => status === 'paused');
  return press(page, 'play');
}

/** Waits for the newest run to finish, and compares what it left. */
export async function theEnd(page: Page, whole: string): Promise<Fault> {
  const run = await finishedRun(page);
  const isEqual = run?.isWhole === true && run.sum === whole;
  const found = `${spoken(await look(page))}; stored ${JSON.stringify(run)}, left alone ${whole}`;
  return { what: 'the end', isLost: !isEqual, isTold: true, isRecovered: isEqual, found };
}

/** The newest run once it has finished and is stored so: the page shows the end before the disk has it. */
async function finishedRun(page: Page): Promise<StoredRun | undefined> {
  await until(page, ({ status }) => status === 'finished', 180_000);
  for (let i = 0; i < 40; i++) {
    const [run] = await storedRuns(page);
    if (run?.status === 'finished') return run;
    await pause(250);
  }
  return undefined;
}

async function killedPage(browser: StudioBrowser, page: Page, way: (typeof WAYS)[number]): Promise<Page> {
  switch (way) {
    case 'reload':
      await page.reload();
      return page;
    case 'close':
      await page.close();
      return browser.open(toyRun(STEPS));
    case 'crash': {
      const crashed = new Promise<void>((resolve) => page.once('crash', () => resolve()));
      const session = await page.context().newCDPSession(page);
      session.send('Page.crash').catch(() => undefined);
      await crashed;
      await page.close();
      return browser.open(toyRun(STEPS));
    }
    case 'kill of the browser':
      await browser.killBrowser();
      return browser.open(toyRun(STEPS));
  }
}
