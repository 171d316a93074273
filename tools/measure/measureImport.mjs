// Measures that an import streams: N generated pairs come in, through the page, against the time that decoding the same
// files alone takes in the same browser; and how much heap page and worker hold at the most meanwhile.
// With --zips the pairs come as two zips shaped as Cityscapes' downloads.
//   node tools/measure/measureImport.mjs [--pairs 5000] [--zips] [--runs 2] [--size 480x270] [--tile 256x128] [--json FILE]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build, preview, runnerImport } from 'vite';
import { CHROMIUM_FLAGS, findChromium } from '../check/chromium.mjs';

const TARGET_RATIO = 1.3;
const TARGET_HEAP_MB = 600;
const DISTINCT_SCENES = 50;
const SAMPLE_EVERY_MS = 250;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5000' },
    runs: { type: 'string', default: '2' },
    size: { type: 'string', default: '480x270' },
    tile: { type: 'string', default: '256x128' },
    json: { type: 'string' },
    zips: { type: 'boolean', default: false },
  },
});
const sizeOf = (text) => {
  const [width, height] = text.split('x').map(Number);
  return { width, height };
};
const pairs = Number(values.pairs);
const tile = sizeOf(values.tile);
const options = { name: 'street', size: tile, mode: 'resize', holdOut: 0.1 };

const directory = mkdtempSync(join(tmpdir(), 'measure-import-'));
const folder = join(directory, 'street');
const site = join(directory, 'site');
let failed = false;
try {
  await say(`rendering ${DISTINCT_SCENES} scenes of ${values.size} as ${pairs} pairs`, async () => {
    const { module } = await runnerImport('./e2e/support/photoFolders.ts');
    const write = values.zips ? module.writeCityscapesZips : module.writeGta5;
    await write(folder, pairs, sizeOf(values.size), Math.min(pairs, DISTINCT_SCENES));
  });
  await say('building the studio, and a page that only decodes', () =>
    build({
      logLevel: 'error',
      build: {
        outDir: site,
        emptyOutDir: true,
        rolldownOptions: { input: ['index.html', 'tools/measure/decodeAlone.html'] },
      },
    }),
  );
  const server = await preview({ build: { outDir: site }, preview: { port: 0, strictPort: false } });
  try {
    failed = !report(await measure(server.resolvedUrls.local[0]));
  } finally {
    await server.close();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** Decoding alone and imports take turns, so that a machine that slows down slows both. */
async function measure(url) {
  const rounds = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const decoding = await inBrowser((page) => decodeAlone(page, url));
    const importing = await inBrowser((page) => importFolder(page, url));
    rounds.push({ decoding, importing });
    const { heapMb, rendererMb } = importing;
    const cpuRatio = importing.cpuS / decoding.cpuS;
    console.log(
      `run ${run + 1}: decoding alone ${seconds(decoding.elapsedMs)}, import ${seconds(importing.elapsedMs)}, ` +
        `ratio ${(importing.elapsedMs / decoding.elapsedMs).toFixed(3)} ` +
        `(processor time of the whole browser ${decoding.cpuS.toFixed(1)} s and ${importing.cpuS.toFixed(1)} s, ratio ${cpuRatio.toFixed(3)}), heap ${heapMb.toFixed(0)} MB ` +
        `(page ${importing.pageMb.toFixed(0)}, worker ${importing.workerMb.toFixed(0)}; decoding alone ${decoding.heapMb.toFixed(0)}), ` +
        `renderer process ${rendererMb === null ? 'unknown' : `${rendererMb.toFixed(0)} MB`}`,
    );
  }
  return rounds;
}

function report(rounds) {
  const sum = (kind) => rounds.reduce((total, round) => total + round[kind].elapsedMs, 0);
  const decodingMs = sum('decoding') / rounds.length;
  const importMs = sum('importing') / rounds.length;
  const ratio = importMs / decodingMs;
  const heapMb = Math.max(...rounds.map(({ importing }) => importing.heapMb));
  const verdict = (ok) => (ok ? 'ok' : 'MISSED');
  console.log(
    `\n${pairs} pairs of ${values.size}${values.zips ? ' in two zips' : ''} to tiles of ${values.tile}, mean of ${rounds.length}`,
  );
  console.log(`  decoding alone  ${seconds(decodingMs)}  (${(decodingMs / pairs).toFixed(2)} ms a pair)`);
  console.log(`  import          ${seconds(importMs)}  (${(importMs / pairs).toFixed(2)} ms a pair)`);
  console.log(`  ratio           ${ratio.toFixed(3)}, at most ${TARGET_RATIO}: ${verdict(ratio <= TARGET_RATIO)}`);
  console.log(
    `  peak heap       ${heapMb.toFixed(0)} MB, below ${TARGET_HEAP_MB}: ${verdict(heapMb < TARGET_HEAP_MB)}`,
  );
  if (values.json) writeFileSync(values.json, JSON.stringify({ pairs, ...values, ratio, heapMb, rounds }, null, 2));
  return ratio <= TARGET_RATIO && heapMb < TARGET_HEAP_MB;
}

/** A fresh profile on disk each time: nothing is left of the last run, and IndexedDB is the real one. */
async function inBrowser(work) {
  const profile = mkdtempSync(join(directory, 'profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: CHROMIUM_FLAGS,
    locale: 'en-US',
  });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function decodeAlone(page, url) {
  const watch = await watchHeap(page);
  await page.goto(new URL('tools/measure/decodeAlone.html', url).href);
  const result = page.locator('#result');
  await page.locator('#files').setInputFiles(folder);
  await result.and(page.locator('[data-state=ready]')).waitFor({ state: 'attached', timeout: 0 });
  const peak = await watch.start();
  await page.evaluate((task) => window.postMessage(task), { options });
  await result.and(page.locator('[data-state=done]')).waitFor({ state: 'attached', timeout: 0 });
  const answer = JSON.parse(await result.textContent());
  if (answer.tiles !== pairs) throw new Error(`Decoded ${answer.tiles} tiles of ${pairs} pairs.`);
  return { elapsedMs: answer.elapsedMs, ...(await peak()) };
}

async function importFolder(page, url) {
  const watch = await watchHeap(page);
  await page.goto(url);
  await page.locator('[data-testid=device-badge][data-backend]').waitFor({ timeout: 0 });
  await page.getByTestId('import-file-input').setInputFiles(folder);
  const form = page.getByTestId('import-report');
  await form.waitFor({ timeout: 0 });
  await page.getByTestId('import-size').click();
  await page.getByRole('option', { name: 'Custom' }).click();
  await form.getByLabel('Width').fill(String(tile.width));
  await form.getByLabel('Height').fill(String(tile.height));
  await form.getByLabel('Height').blur();
  const peak = await watch.start();
  const elapsedMs = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const startMs = performance.now();
        new MutationObserver(() => {
          const card = document.querySelector('[data-testid=import-progress]');
          if (card?.dataset.status === 'done') resolve(performance.now() - startMs);
        }).observe(document.body, {
          subtree: true,
          childList: true,
          attributes: true,
          attributeFilter: ['data-status'],
        });
        document.querySelector('[data-testid=import-start]').click();
      }),
  );
  const tiles = Number(await page.getByTestId('import-progress').getAttribute('data-tiles'));
  if (tiles !== pairs) throw new Error(`Imported ${tiles} tiles of ${pairs} pairs.`);
  return { elapsedMs, ...(await peak()) };
}

/**
 * Reads, from outside and without collecting garbage first, what page and worker hold: JavaScript heap, DOM and array
 * buffers. Must be called before the page is opened, to hear of its worker.
 */
async function watchHeap(page) {
  const session = await page.context().newCDPSession(page);
  const browser = await page.context().browser().newBrowserCDPSession();
  let worker = null;
  const waiting = new Map();
  let calls = 0;
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') worker = sessionId;
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  // Sessions of workers come wrapped in the page's own: Playwright's protocol sessions know no children.
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const askWorker = async (method) => {
    if (worker === null) return null;
    const id = ++calls;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    await session.send('Target.sendMessageToTarget', { sessionId: worker, message: JSON.stringify({ id, method }) });
    return answer;
  };
  const megabytes = ({ usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 }) =>
    (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
  return {
    /** Starts sampling; the answer stops it and gives the peaks, and the processor time spent meanwhile. */
    async start() {
      const cpuBefore = await cpuSeconds(browser);
      const peak = { heapMb: 0, pageMb: 0, workerMb: 0 };
      let running = true;
      const sampling = (async () => {
        while (running) {
          const pageMb = megabytes(await session.send('Runtime.getHeapUsage'));
          const inWorker = await askWorker('Runtime.getHeapUsage');
          const workerMb = inWorker === null ? 0 : megabytes(inWorker);
          if (pageMb + workerMb > peak.heapMb) Object.assign(peak, { heapMb: pageMb + workerMb, pageMb, workerMb });
          await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
        }
      })();
      return async () => {
        running = false;
        await sampling;
        if (peak.workerMb === 0) throw new Error('The worker was never seen: its heap is not in the figures.');
        const cpuS = (await cpuSeconds(browser)) - cpuBefore;
        return { ...peak, cpuS, rendererMb: await rendererPeakMb(browser) };
      };
    },
  };
}

/** Processor time of all of Chromium's processes since they began: unlike elapsed time, it bears a busy machine. */
async function cpuSeconds(browser) {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Peak resident memory of the largest renderer process, where Linux tells; code and shared libraries included. */
async function rendererPeakMb(browser) {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id }) => {
      try {
        const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
        return kb === undefined ? [] : [Number(kb) / 1000];
      } catch {
        return [];
      }
    });
  return peaks.length === 0 ? null : Math.max(...peaks);
}

async function say(what, work) {
  const startMs = performance.now();
  process.stdout.write(`${what} ... `);
  await work();
  console.log(seconds(performance.now() - startMs));
}

function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
