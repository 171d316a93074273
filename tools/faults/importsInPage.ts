// A small folder of photos with labels, and its import as a person starts it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeGta5 } from '../../e2e/support/photoFolders.ts';
import { press, until } from './studioBrowser.ts';

const PAIRS = 80;

/** A folder that `remove` removes. */
export function photoFolder(pairs = PAIRS): { readonly path: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'faults-photos-'));
  const path = join(parent, 'gta5');
  writeGta5(path, pairs, { width: 192, height: 96 }, 12);
  return { path, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** Gives the folder to the page and starts the import, anew or where it was. False where the page offers none. */
export async function startImport(page: Page, path: string): Promise<boolean> {
  await page.getByTestId('import-file-input').setInputFiles(path);
  return press(page, 'import-start');
}

/** Waits until an import is done, or has ended otherwise. */
export const importEnded = (page: Page) =>
  until(page, ({ imported }) => imported !== null && !['running', 'paused'].includes(imported.status), 120_000);
