// Every state of the page, on the fake worker: nothing in the console, nothing in anyone's way; a picture of each is kept in
// test-results/scenes to be looked at.

import { readdirSync } from 'node:fs';
import { atLength } from '../src/testing/slow.ts';
import { seriousFindings } from './support/axe.ts';
import { expect, test } from './support/studioPage.ts';

/** One of every kind of state; `npm run test:slow` opens them all. */
const REPRESENTATIVE = ['empty', 'importing', 'training', 'failed', 'finished', 'runs'];
const scenes = readdirSync('src/studio/fake/scenes').map((file) => file.replace(/\.ts$/, ''));

test.use({ viewport: { width: 1440, height: 789 } });

test('a name that nobody knows lists all scenes', async ({ page }) => {
  await page.goto('/?fake');
  await expect(page.getByRole('link')).toHaveText(scenes.toSorted());
});

for (const scene of atLength(scenes, REPRESENTATIVE)) {
  test(`the scene "${scene}" stands`, async ({ page, studio: _checksErrors }) => {
    await page.goto(`/?fake=${scene}`);
    await expect(page.locator(`html[data-scene="${scene}"]`)).toBeAttached();
    await expect(page.getByTestId('status')).toBeVisible();
    await page.waitForTimeout(1000); // charts and pictures are painted outside React
    await page.screenshot({ path: `test-results/scenes/${scene}.png`, animations: 'disabled' });
    expect(await seriousFindings(page)).toEqual([]);
  });
}
