// Runs as campaigns in a browser need them: one that nobody disturbs, one that is opened again, and how two compare.
import type { Page } from '@playwright/test';
import type { Fault } from './campaign.ts';
import { type StoredRun, storedRuns } from './storedInPage.ts';
import { look, pause, press, type StudioBrowser, spoken, until } from './studioBrowser.ts';

/** Settings of the smallest run. */
export const toyRun = (steps: number): string => `network=toy&size=32x16&steps=${steps}`;

/** What a run leaves that nobody disturbs. */
export async function wholeRun(browser: StudioBrowser, hash: string): Promise<string> {
  const page = await browser.open(hash);
  await press(page, 'play');
  const run = await finishedRun(page);
  await page.close();
  if (run === undefined) throw new Error('A run that nobody disturbed does not finish.');
  return run.sum;
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
export async function finishedRun(page: Page): Promise<StoredRun | undefined> {
  await until(page, ({ status }) => status === 'finished', 180_000);
  for (let i = 0; i < 40; i++) {
    const [run] = await storedRuns(page);
    if (run?.status === 'finished') return run;
    await pause(250);
  }
  return undefined;
}
