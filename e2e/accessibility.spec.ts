// The page as axe sees it, in both themes: first look, import dialog, runs.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/studioPage.ts';

/** Serious and critical findings, one line each. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map((node) => `${impact} ${id}: ${node.target.join(' ')} (${node.any[0]?.message ?? node.html})`),
    );
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing serious stands in anyone's way in the ${colorScheme} theme`, async ({ studio, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await studio.open('size=32x16');
    await expect(studio.button('play')).toBeEnabled();
    expect.soft(await violations(page), 'the page').toEqual([]);

    await page.getByTestId('import-open').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await violations(page), 'the import dialog').toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByTestId('runs-open').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await violations(page), 'the runs').toEqual([]);
    await page.keyboard.press('Escape');
  });
}
