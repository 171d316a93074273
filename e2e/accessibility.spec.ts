// The page as axe sees it, in both themes: first look, import dialog, runs.
import { seriousFindings } from './support/axe.ts';
import { expect, test } from './support/studioPage.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing serious stands in anyone's way in the ${colorScheme} theme`, async ({ studio, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await studio.open('size=32x16');
    await expect(studio.button('play')).toBeEnabled();
    expect.soft(await seriousFindings(page), 'the page').toEqual([]);

    await page.getByTestId('import-open').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await seriousFindings(page, '[role=dialog]'), 'the import dialog').toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByTestId('runs-open').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await seriousFindings(page, '[role=dialog]'), 'the runs').toEqual([]);
    await page.keyboard.press('Escape');
  });
}
