// The built studio in a real Chromium, with a profile that outlives the browser, for campaigns that kill what they find: opens
// and opens again, says how the page stands, and gives the browser's processes to whoever ends them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { type PlainHost, startPlainHost } from '../../e2e/support/plainHost.ts';
import { CHROMIUM_FLAGS, findChromium } from '../check/chromium.mjs';

/** A busy machine with software WebGPU is slow; what is expected comes long before. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** What a page says of itself. */
export interface Look {
  readonly backend: string | null;
  readonly status: string | null;
  readonly step: number;
  /** Codes of the banners, of the line about what was put right, and of an import that was refused. */
  readonly failures: readonly string[];
  readonly recovery: string | null;
  readonly importError: string | null;
  /** Told that it runs on less than WebGPU. */
  readonly isFallback: boolean;
  /** Test ids of what can be pressed or read at the moment. */
  readonly shown: readonly string[];
  /** Of the import that is on the page. */
  readonly imported: { readonly status: string; readonly tiles: number } | null;
}

export class StudioBrowser {
  readonly profile = mkdtempSync(join(tmpdir(), 'faults-profile-'));
  private readonly host: PlainHost;
  private browser: BrowserContext | null = null;
  private opened = 0;

  private constructor(host: PlainHost) {
    this.host = host;
  }

  static async start(folder: string): Promise<StudioBrowser> {
    return new StudioBrowser(await startPlainHost(folder));
  }

  get origin(): string {
    return this.host.origin;
  }

  /** The running browser; a new one on the same profile where the last one ended. */
  async context(): Promise<BrowserContext> {
    if (this.browser !== null) return this.browser;
    const context = await chromium.launchPersistentContext(this.profile, {
      executablePath: findChromium(),
      args: CHROMIUM_FLAGS,
      viewport: { width: 1440, height: 900 },
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    context.on('close', () => {
      if (this.browser === context) this.browser = null;
    });
    this.browser = context;
    return context;
  }

  /** A further tab with the studio in it; `hash` holds settings as links do. Resolves when the worker has answered. */
  async open(hash = ''): Promise<Page> {
    const context = await this.context();
    const page = await context.newPage();
    // Another address each time: a hash alone would change an open page instead of loading one.
    await page.goto(`${this.origin}/?${this.opened++}#${hash}`);
    await until(page, ({ backend, failures }) => backend !== null || failures.length > 0);
    return page;
  }

  /** Ends the GPU process as the system ends it. False where there is none. */
  async killGpuProcess(): Promise<boolean> {
    return this.kill('GPU');
  }

  /** Ends the browser as the system ends it, and everything in it. */
  async killBrowser(): Promise<void> {
    const { browser } = this;
    if (browser === null) return;
    const isClosed = new Promise<void>((resolve) => browser.once('close', () => resolve()));
    if (await this.kill('browser')) await isClosed;
    this.browser = null;
  }

  /** Closes the browser as a person does. */
  async closeBrowser(): Promise<void> {
    await this.browser?.close();
    this.browser = null;
  }

  async dispose(): Promise<void> {
    await this.closeBrowser();
    await this.host.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private async kill(type: 'GPU' | 'browser'): Promise<boolean> {
    const session = await this.browser?.browser()?.newBrowserCDPSession();
    const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
    const found = processInfo.find((one) => one.type === type);
    if (type === 'GPU') await session?.detach();
    if (found === undefined) return false;
    process.kill(found.id, 'SIGKILL');
    return true;
  }
}

export async function look(page: Page): Promise<Look> {
  return page.evaluate(() => {
    const one = (id: string): HTMLElement | null => document.querySelector(`[data-testid="${id}"]`);
    const says = (id: string, what: string): string | null => one(id)?.dataset[what] ?? null;
    const all = [...document.querySelectorAll<HTMLElement>('[data-testid]')];
    const progress = all.filter(({ dataset }) => dataset.testid === 'import-progress').at(-1);
    return {
      backend: says('device-badge', 'backend'),
      status: says('status', 'status'),
      step: Number(says('step-count', 'step') ?? 0),
      failures: all.flatMap(({ dataset }) => (dataset.testid === 'failure' ? [dataset.code ?? ''] : [])),
      recovery: says('recovery', 'code'),
      importError: says('import-error', 'code'),
      isFallback: one('fallback') !== null,
      shown: all.flatMap((element) =>
        (element as HTMLButtonElement).disabled === true ? [] : [element.dataset.testid ?? ''],
      ),
      imported:
        progress === undefined
          ? null
          : { status: progress.dataset.status ?? '', tiles: Number(progress.dataset.tiles) },
    };
  });
}

/** The first look that is so, or the last one before patience ended: nothing is thrown, for that is what is being tried. */
export async function until(page: Page, isSo: (look: Look) => boolean, patienceMs = PATIENCE_MS): Promise<Look> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const now = await look(page);
    if (isSo(now) || performance.now() > end) return now;
    await pause(LOOK_EVERY_MS);
  }
}

/** Presses what is named, as soon as it can be pressed. False where that does not come. */
export async function press(page: Page, testId: string, patienceMs = PATIENCE_MS): Promise<boolean> {
  const { shown } = await until(page, (now) => now.shown.includes(testId), patienceMs);
  if (!shown.includes(testId)) return false;
  return page
    .getByTestId(testId)
    .click({ timeout: patienceMs })
    .then(
      () => true,
      () => false,
    );
}

/** Of a look, in one line. */
export const spoken = ({ shown: _, ...rest }: Look): string => JSON.stringify(rest);

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
