// What axe finds in anyone's way on the page.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * Serious and critical findings inside `within`, one line each. Looks in the page itself, which has no frames, and lists what
 * is wrong alone: in a page of its own, with all that is right, it takes several times as long.
 */
export async function seriousFindings(page: Page, within = 'html'): Promise<string[]> {
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .include(within);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map((node) => `${impact} ${id}: ${node.target.join(' ')} (${node.any[0]?.message ?? node.html})`),
    );
}
