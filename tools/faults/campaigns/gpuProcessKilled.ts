// The GPU process killed while a run trains, while it is paused, and while there is none: the page brings the device and the run back
// by itself, and says so. A browser that gives no device any more is told, too, and the run waits.
import type { Page } from '@playwright/test';
import { RandomStream } from '../../../src/domain/rng.ts';
import type { Campaign, Fault } from '../campaign.ts';
import { resumed, theEnd, toyRun, wholeRun } from '../runsInPage.ts';
import { type Look, look, pause, press, StudioBrowser, spoken, until } from '../studioBrowser.ts';

const STEPS = 120;
/** Of one run, in one browser: after some more, Chromium gives no device any more. */
const KILLS_A_RUN = 3;
const MOMENTS = ['training', 'paused', 'idle'] as const;

export const gpuProcessKilled: Campaign = {
  name: 'GPU process killed',
  tries: 30,
  async *run(seed, tries, { page: folder }) {
    const random = new RandomStream(seed, 'GPU process killed');
    const browser = await StudioBrowser.start(folder);
    try {
      const whole = await wholeRun(browser, toyRun(STEPS));
      for (let done = 0; done < tries; done += KILLS_A_RUN) {
        yield* killedRun(browser, random, Math.min(KILLS_A_RUN, tries - done), whole);
        await browser.closeBrowser();
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
  const page = await browser.open(toyRun(STEPS));
  for (let i = 0; i < kills; i++) {
    const moment = MOMENTS[i === 0 ? random.integer(3) : random.integer(2)] ?? 'training';
    const isBegun = (await look(page)).status !== 'idle';
    if (moment !== 'idle' && !isBegun) await press(page, 'play');
    if (moment !== 'idle') await pause(random.uniform(0, 2500));
    if (moment === 'paused' && (await press(page, 'pause', 3000)))
      await until(page, ({ status }) => status === 'paused' || status === 'finished');
    const { status } = await look(page);
    if (status === 'finished') break;
    await forgetNotes(page);
    await browser.killGpuProcess();
    const { backend, ...after } = await until(page, (now) => isBack(now, status ?? 'idle'));
    // What was only beginning begins on the new device: nothing was lost, and there is nothing to tell.
    const isBegunAnew = status === 'idle' && after.status === 'running';
    const isTold =
      isBegunAnew ||
      after.recovery !== null ||
      after.isFallback ||
      after.failures.some((code) => code.startsWith('gpu.'));
    // Without a device of its kind the run waits, and goes on in a browser that has one.
    const waits = backend !== 'webgpu';
    const isRecovered = isBack({ backend, ...after }, status ?? 'idle') && (waits || (await playsOn(page)));
    const found = `${status} before, then ${spoken({ backend, ...after })}`;
    yield { what: `while ${status}`, isLost: false, isTold, isRecovered, found };
    if (waits) break;
  }
  yield await theEndOf(browser, page, whole);
}

/** As it was before, on a device of its own; or waiting on a lesser one. */
function isBack({ backend, status, recovery, isFallback }: Look, before: string): boolean {
  if (backend !== 'webgpu') return isFallback && status !== 'running';
  if (before === 'idle' && status === 'running') return true;
  return recovery !== null && (status === before || status === 'finished');
}

async function playsOn(page: Page): Promise<boolean> {
  const { status, step } = await look(page);
  if (status === 'finished') return true;
  if (status !== 'running' && !(await press(page, 'play'))) return false;
  const now = await until(page, (later) => later.step > step || later.status === 'finished', 30_000);
  return now.step > step || now.status === 'finished';
}

const forgetNotes = async (page: Page): Promise<void> => {
  for (const note of await page.getByTestId('recovery').getByRole('button').all()) await note.click();
};

async function theEndOf(browser: StudioBrowser, page: Page, whole: string): Promise<Fault> {
  const { backend } = await look(page);
  if (backend === 'webgpu') return theEnd(page, whole);
  await browser.closeBrowser();
  const fresh = await browser.open();
  await resumed(fresh);
  return theEnd(fresh, whole);
}
