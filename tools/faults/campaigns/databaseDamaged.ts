// Bytes of the browser's own database files flipped or cut off while it is closed. The browser may refuse the database or begin a new
// one; the page opens whatever it finds, says what is missing, and never takes damaged bytes for good ones.
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RandomStream } from '../../../src/domain/rng.ts';
import type { Campaign, Fault } from '../campaign.ts';
import { resumed, theEnd, toyRun, wholeRun } from '../runsInPage.ts';
import { type StoredRun, storedRuns } from '../storedInPage.ts';
import { type Look, press, StudioBrowser, spoken, until } from '../studioBrowser.ts';

const STEPS = 120;

export const databaseDamaged: Campaign = {
  name: 'damaged database',
  tries: 40,
  async *run(seed, tries, { page: folder }) {
    const random = new RandomStream(seed, 'damaged database');
    const browser = await StudioBrowser.start(folder);
    const database = join(browser.profile, 'Default', 'IndexedDB');
    const kept = join(browser.profile, 'kept');
    try {
      const whole = await wholeRun(browser, toyRun(STEPS));
      await halfARun(browser);
      cpSync(database, kept, { recursive: true });
      for (let i = 0; i < tries; i++) {
        rmSync(database, { recursive: true });
        cpSync(kept, database, { recursive: true });
        const what = damage(database, random);
        yield { what, ...(await opened(browser, whole)) };
        await browser.closeBrowser();
      }
    } finally {
      await browser.dispose();
    }
  },
};

/** A run that is interrupted once it has saved twice. */
async function halfARun(browser: StudioBrowser): Promise<void> {
  const page = await browser.open(toyRun(STEPS));
  await press(page, 'play');
  await until(page, ({ step, status }) => step > 50 || status === 'finished');
  await press(page, 'pause');
  await until(page, ({ status }) => status === 'paused');
  await browser.closeBrowser();
}

/** Spoils one file; answers with what was done to which. */
function damage(folder: string, random: RandomStream): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && !/LOCK$|LOG(\.old)?$/.test(name))
    .sort();
  // Checkpoints lie in many large files beside a few small ones that everything hangs on.
  const few = files.filter((name) => !name.includes('.blob'));
  const chosen = random.uniform() < 0.6 ? few : files;
  const name = chosen[random.integer(chosen.length)] ?? '';
  const bytes = readFileSync(join(folder, name));
  if (random.uniform() < 0.4) {
    const length = random.integer(bytes.length);
    writeFileSync(join(folder, name), bytes.subarray(0, length));
    return `${name} cut to ${length} of ${bytes.length} bytes`;
  }
  const flips = 1 + random.integer(20);
  for (let i = 0; i < flips; i++) {
    const at = random.integer(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + random.integer(255));
  }
  writeFileSync(join(folder, name), bytes);
  return `${name}, ${flips} of ${bytes.length} bytes flipped`;
}

async function opened(browser: StudioBrowser, whole: string): Promise<Omit<Fault, 'what'>> {
  const page = await browser.open(toyRun(STEPS));
  const first = await until(page, ({ shown, failures }) => shown.includes('resume-run') || failures.length > 0, 8000);
  const runs = await storedRuns(page).catch((): StoredRun[] => []);
  const isBlank = first.backend === null;
  const areThere = runs.length === 2;
  const isOffered = first.shown.includes('resume-run');
  const codes = (look: Look): boolean => look.failures.length > 0;
  if (!isOffered) {
    // Gone, which is told; a new run takes its place.
    const isNew = !isBlank && (await press(page, 'play', 10_000));
    const now = await until(page, ({ step, status }) => step > 0 || status === 'failed', 30_000);
    const found = `${runs.length} runs; ${spoken(first)}; a new one: ${spoken(now)}`;
    return { isLost: isBlank, isTold: areThere || codes(first), isRecovered: isNew && now.step > 0, found };
  }
  const isPlaying = await resumed(page);
  const played = await until(page, ({ status, failures }) => status === 'running' || failures.length > 0, 10_000);
  if (!isPlaying || played.status === 'idle') {
    const found = `${runs.length} runs; ${spoken(first)}; opening: ${spoken(played)}`;
    return { isLost: false, isTold: codes(played), isRecovered: true, found };
  }
  const end = await theEnd(page, whole);
  // With a told hole in its history it cannot be equal.
  const isHoled = played.failures.includes('run.history-damaged');
  const isTold = areThere || codes(first) || codes(played);
  return { ...end, isLost: end.isLost && !isHoled, isRecovered: end.isRecovered || isHoled, isTold };
}
