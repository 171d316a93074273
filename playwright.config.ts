// End-to-end tests: the built studio (`dist/studio`, from `npm run build`) in a real Chromium, one page at a time.
// `STUDIO_URL` names a studio that is served already; otherwise this serves the build on a port of its own.
import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './tools/check/chromium.mjs';

const served = process.env.STUDIO_URL;
// Its workers read this file, too, and inherit the port; another checkout that is tested meanwhile has its own.
process.env.STUDIO_PORT ??= String(20_000 + (process.pid % 10_000));
const port = Number(process.env.STUDIO_PORT);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Software WebGPU is slow, and slower still on a busy machine; what is expected comes long before.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    baseURL: served ?? `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    // A page that shimmers while it waits is drawn sixty times a second, which costs more than what it waits for.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: findChromium(), args: CHROMIUM_FLAGS },
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  ...(served === undefined
    ? {
        webServer: {
          command: `node_modules/.bin/vite preview --port ${port} --strictPort`,
          url: `http://localhost:${port}`,
          reuseExistingServer: false,
        },
      }
    : {}),
});
