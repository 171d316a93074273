// A browser without a WebGPU adapter: the page says what it runs on instead, and still trains.
import { CHROMIUM_FLAGS, findChromium } from '../tools/check/chromium.mjs';
import { expect, test } from './support/studioPage.ts';

test.use({
  launchOptions: {
    executablePath: findChromium(),
    args: [
      ...CHROMIUM_FLAGS.filter((flag) => flag !== '--enable-unsafe-webgpu'),
      '--disable-features=WebGPU,WebGPUService',
    ],
  },
});

test('without an adapter the page names the fallback and trains on it', async ({ studio, page }) => {
  await studio.open('network=toy&size=32x16');
  await expect(studio.badge).toHaveAttribute('data-backend', /^(webgl|cpu)$/);
  const backend = await studio.badge.getAttribute('data-backend');
  await expect(studio.badge).toContainText(backend === 'webgl' ? 'WebGL' : 'CPU');
  await expect(page.getByTestId('fallback')).toContainText('WebGPU');
  await studio.configure({ steps: 20_000, evaluateEvery: 1, evaluationImages: 1, batchSize: 1 });
  await studio.train();
  await studio.expectBarsToMove([]);
  await studio.expectStepBeyond(0);
  await studio.button('stop').click();
  await studio.expectStatus('stopped');
});
