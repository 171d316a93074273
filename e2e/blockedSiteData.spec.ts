// A browser that lets no site keep anything ("block all cookies"): the page opens, says so, and trains until it is closed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, test } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../tools/check/chromium.mjs';
import { expect, StudioPage } from './support/studioPage.ts';

const BLOCK = 2;

test('with site data blocked the page opens, says that nothing is kept, and trains', async ({ baseURL }, info) => {
  const profile = info.outputPath('profile');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const preferences = { profile: { default_content_setting_values: { cookies: BLOCK } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: CHROMIUM_FLAGS,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
  });
  try {
    const page = await context.newPage();
    const studio = new StudioPage(page, new URL(baseURL ?? '').origin);
    await page.goto(`${baseURL ?? ''}/#network=toy&size=32x16`);
    await expect(page.evaluate(() => localStorage.length)).rejects.toThrow('SecurityError');
    await studio.ready();
    await expect(studio.failure).toHaveAttribute('data-code', 'storage.unavailable');
    await studio.configure({ steps: 5, evaluateEvery: 5, evaluationImages: 2, batchSize: 1 });
    await studio.train();
    await studio.expectStatus('finished');
    expect(studio.errors).toEqual([]);
  } finally {
    await context.close();
  }
});
