// The page closed, reloaded, crashed, or killed with the whole browser, at any moment of a run: it is offered again, goes on, and
// ends where a run ends that was left alone.
import type { Page } from '@playwright/test';
import { RandomStream } from '../../../src/domain/rng.ts';
import type { Campaign, Fault } from '../campaign.ts';
import { resumed, theEnd, toyRun, wholeRun } from '../runsInPage.ts';
import { storedRuns } from '../storedInPage.ts';
import { pause, press, StudioBrowser, spoken, until } from '../studioBrowser.ts';

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
      const whole = await wholeRun(browser, toyRun(STEPS));
      for (let done = 0; done < tries; done += KILLS_A_RUN) {
        yield* killedRun(browser, random, Math.min(KILLS_A_RUN, tries - done), whole);
      }
    } finally {
      await browser.dispose();
    }
  },
};

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
