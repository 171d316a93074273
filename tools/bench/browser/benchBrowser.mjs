// @ts-check
// The whole training step measured where people train: in a worker of a Chromium. First how long a visitor waits for the
// first step, with the driver's shader cache off and on, then ours against TensorFlow.js, as `npm run bench -- --only step`.
//   node tools/bench/browser/benchBrowser.mjs [--rounds 9] [--flag CHROMIUM_FLAG]...
// STUDIO_CHROMIUM names another Chromium, as it does for the tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { CHROMIUM_FLAGS, findChromium } from '../../check/chromium.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, flag: { type: 'string', multiple: true, default: [] } },
});
const NO_SHADER_CACHE = { MESA_SHADER_CACHE_DISABLE: 'true', __GL_SHADER_DISK_CACHE: '0' };

const site = mkdtempSync(join(tmpdir(), 'bench-browser-'));
let failed = false;
try {
  await build({
    logLevel: 'error',
    build: { outDir: site, emptyOutDir: true, rolldownOptions: { input: ['tools/bench/browser/benchBrowser.html'] } },
  });
  const server = await preview({ build: { outDir: site }, preview: { port: 0, strictPort: false } });
  try {
    const address = new URL('tools/bench/browser/benchBrowser.html', server.resolvedUrls?.local[0]).href;
    await visit(`${address}?only-first-step`, {}); // fills the driver's cache
    console.log("The driver's shader cache off, then on:");
    await visit(`${address}?only-first-step`, NO_SHADER_CACHE, console.log);
    await visit(`${address}?only-first-step`, {}, console.log);
    await visit(`${address}?rounds=${values.rounds}`, {}, console.log);
  } finally {
    await server.close();
  }
} finally {
  rmSync(site, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/**
 * A fresh profile each time: the browser's own caches are empty.
 * @param {string} address
 * @param {Record<string, string>} environment
 * @param {(line: string) => void} print
 */
async function visit(address, environment, print = () => undefined) {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_FLAGS, ...values.flag],
    env: { ...process.env, ...environment },
  });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => {
      const text = message.text();
      if (text.startsWith('Failed:')) {
        failed = true;
        console.error(text);
      } else if (message.type() === 'log') print(text);
    });
    page.on('pageerror', (error) => {
      failed = true;
      console.error(error);
    });
    await page.goto(address);
    await page.locator('body[data-state=done]').waitFor({ state: 'attached', timeout: 0 });
  } finally {
    await browser.close();
  }
}
