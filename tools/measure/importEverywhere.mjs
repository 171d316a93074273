// Imports one drop (two zips shaped as Cityscapes' downloads) in Node, Chromium and Firefox, and compares what comes of it: layout,
// coding, counts, findings, and a digest of every tile. Firefox is driven by WebDriver BiDi, which needs `npm install --no-save
// puppeteer-core` and Debian's firefox-esr.
//   node tools/measure/importEverywhere.mjs [--pairs 24] [--firefox /usr/bin/firefox-esr]
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, preview, runnerImport } from 'vite';
import { findChromium } from '../check/chromium.mjs';

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '24' }, firefox: { type: 'string', default: '/usr/bin/firefox-esr' } },
});
const puppeteer = await import('puppeteer-core').catch(() => {
  console.error('This needs puppeteer-core: npm install --no-save puppeteer-core');
  process.exit(2);
});
/** What the import form begins with. */
const OPTIONS = { name: 'drop', size: { width: 640, height: 360 }, mode: 'resize', holdOut: 0 };

const directory = mkdtempSync(join(tmpdir(), 'import-everywhere-'));
const site = join(directory, 'site');
let failed = true;
try {
  const drop = join(directory, 'drop');
  const { module: folders } = await runnerImport('./e2e/support/photoFolders.ts');
  await folders.writeCityscapesZips(drop, Number(values.pairs), { width: 480, height: 270 }, 12);
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
  for (const [host, result] of Object.entries(results)) console.log(host, JSON.stringify(result));
  failed = new Set(Object.values(results).map((result) => JSON.stringify(result))).size > 1;
  console.log(failed ? 'The hosts disagree.' : 'The same report and the same bytes in all three.');
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

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
  const database = await ask(indexedDB.open('udas-studio'));
  const store = (name) => database.transaction(name).objectStore(name);
  const [info] = await ask(store('datasets').getAll());
  const [journal] = await ask(store('journals').getAll());
  const parts = [];
  for (const split of ['train', 'val']) {
    const records = await ask(store('tiles').getAll(IDBKeyRange.bound([info.id, split], [info.id, split, []])));
    for (const { name, image, labels } of records.flat()) {
      parts.push(new TextEncoder().encode(name), new Uint8Array(image));
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
    tiles: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
