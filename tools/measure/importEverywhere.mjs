// Imports one drop (two zips shaped as Cityscapes' downloads, and one of JPEGs) in Node, Chromium and Firefox, and compares what comes
// of it: layout, coding, counts, findings, and a digest of every tile. Of JPEGs, which decoders round differently, the pictures may
// differ by a little, and it says by how much. Firefox is driven by WebDriver BiDi, which needs `npm install --no-save
// puppeteer-core` and Debian's firefox-esr.
//   node tools/measure/importEverywhere.mjs [--pairs 24] [--jpegs 8] [--firefox /usr/bin/firefox-esr]
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, preview, runnerImport } from 'vite';
import { findChromium } from '../check/chromium.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '24' },
    jpegs: { type: 'string', default: '8' },
    firefox: { type: 'string', default: '/usr/bin/firefox-esr' },
  },
});
const puppeteer = await import('puppeteer-core').catch(() => {
  console.error('This needs puppeteer-core: npm install --no-save puppeteer-core');
  process.exit(2);
});
/** By which decoders of JPEGs may differ in a tile: a step of rounding each in colours and in scaling. */
const ROUNDING = 2;
/** What the import form begins with. */
const OPTIONS = { name: 'drop', size: { width: 640, height: 360 }, mode: 'resize', holdOut: 0 };

const directory = mkdtempSync(join(tmpdir(), 'import-everywhere-'));
const site = join(directory, 'site');
let failed = true;
try {
  const drop = join(directory, 'drop');
  const { module: folders } = await runnerImport('./e2e/support/photoFolders.ts');
  await folders.writeCityscapesZips(drop, Number(values.pairs), { width: 480, height: 270 }, 12);
  const { module: photos } = await runnerImport('./tools/measure/jpegPairs.ts');
  await photos.writeJpegPairs(join(drop, 'jpegs.zip'), Number(values.jpegs));
  const zips = readdirSync(drop).map((name) => join(drop, name));
  const { module } = await runnerImport('./tools/measure/importDigest.ts');
  const results = { node: await module.importDigest(zips, OPTIONS) };
  await build({ logLevel: 'error', build: { outDir: site, emptyOutDir: true } });
  const server = await preview({ build: { outDir: site }, preview: { port: 0, strictPort: false } });
  try {
    const url = server.resolvedUrls.local[0];
    results.chromium = await importIn(
      { browser: 'chrome', executablePath: findChromium(), args: ['--no-sandbox'] },
      url,
      zips,
    );
    results.firefox = await importIn({ browser: 'firefox', executablePath: values.firefox }, url, zips);
  } finally {
    await server.close();
  }
  const jpegs = Object.fromEntries(
    Object.entries(results).map(([host, { jpegs: pictures }]) => [host, Buffer.from(pictures, 'base64')]),
  );
  const same = Object.entries(results).map(([host, { jpegs: _, ...result }]) => {
    console.log(host, JSON.stringify(result));
    return JSON.stringify(result);
  });
  const apart = ['node', 'firefox'].map((host) => differenceOf(host, jpegs[host], jpegs.chromium));
  failed = new Set(same).size > 1 || apart.some((most) => most > ROUNDING);
  console.log(
    failed ? 'The hosts disagree.' : 'The same report, labels and pictures in all three, JPEGs within rounding.',
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** Most and mean by which the tiles of JPEGs differ from Chromium's. */
function differenceOf(host, pictures, others) {
  if (pictures.length !== others.length) return Number.POSITIVE_INFINITY;
  let [most, sum] = [0, 0];
  for (let at = 0; at < pictures.length; at++) {
    const difference = Math.abs(pictures[at] - others[at]);
    most = Math.max(most, difference);
    sum += difference;
  }
  console.log(
    `JPEGs in ${host}: at most ${most} of 255 from Chromium's, ${(sum / pictures.length).toFixed(4)} on average`,
  );
  return most;
}

/** Drops the files on the page of one browser, imports, and reads what is stored. */
async function importIn(launch, url, zips) {
  const browser = await puppeteer.default.launch({ headless: true, ...launch });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const input = await page.waitForSelector('[data-testid="import-zip-input"]');
    await input.uploadFile(...zips);
    await page.waitForSelector('[data-testid="import-report"]', { timeout: 120_000 });
    await page.click('[data-testid="import-start"]');
    await page.waitForSelector('[data-testid="import-progress"][data-status="done"]', { timeout: 300_000 });
    return await page.evaluate(readStore);
  } finally {
    await browser.close();
  }
}

/** Runs in the page. The same fields as importDigest gives. */
async function readStore() {
  const ask = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const base64 = (blob) =>
    new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
      reader.readAsDataURL(blob);
    });
  const database = await ask(indexedDB.open('udas-studio'));
  const store = (name) => database.transaction(name).objectStore(name);
  const [info] = await ask(store('datasets').getAll());
  const [journal] = await ask(store('journals').getAll());
  const parts = [];
  const jpegs = [];
  for (const split of ['train', 'val']) {
    const records = await ask(store('tiles').getAll(IDBKeyRange.bound([info.id, split], [info.id, split, []])));
    for (const { name, image, labels } of records.flat()) {
      const isJpeg = name.includes('jena');
      parts.push(new TextEncoder().encode(name));
      (isJpeg ? jpegs : parts).push(new Uint8Array(image));
      if (labels !== null) parts.push(new Uint8Array(labels));
    }
  }
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return {
    layout: info.layout,
    coding: info.coding?.id,
    splits: info.splits,
    classPixels: info.classPixels,
    findings: journal.issues.map(({ code, path }) => `${code} ${path}`),
    jpegs: await base64(new Blob(jpegs)),
    tiles: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
