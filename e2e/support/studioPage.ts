// The studio as a person meets it: what can be pressed and what can be read, by name. Knows the page's hooks, so that
// the stories need not. A page that fails in any way (banner, console error, exception, foreign request) fails its test.
import { test as base, expect, type Locator, type Page } from '@playwright/test';

/** Settings small enough for software WebGPU. */
export interface Settings {
  readonly steps: number;
  readonly evaluateEvery?: number;
  readonly evaluationImages?: number;
  readonly batchSize?: number;
}

export class StudioPage {
  readonly page: Page;
  /** Requests to anywhere but the page's own origin; worker requests are among them. */
  readonly foreignRequests: string[] = [];
  /** Exceptions and errors in the console, of the page and its worker. */
  readonly errors: string[] = [];

  constructor(page: Page, origin: string) {
    this.page = page;
    page.context().on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && !['blob:', 'data:'].includes(url.protocol)) this.foreignRequests.push(url.href);
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens the studio; `hash` holds settings as links do. Resolves when the worker has answered. */
  async open(hash = ''): Promise<void> {
    await this.page.goto(hash === '' ? '/' : `/#${hash}`);
    await this.ready();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Resolves when the device is known. */
  async ready(): Promise<void> {
    await expect(this.badge).toHaveAttribute('data-backend', /./);
  }

  get badge(): Locator {
    return this.page.getByTestId('device-badge');
  }

  get failure(): Locator {
    return this.page.getByTestId('failure');
  }

  button(testId: 'play' | 'pause' | 'step' | 'stop' | 'resume-run' | 'import-start'): Locator {
    return this.page.getByTestId(testId);
  }

  async configure({ steps, evaluateEvery, evaluationImages, batchSize }: Settings): Promise<void> {
    await this.page.getByTestId('setting-steps').fill(String(steps));
    const more = this.page.getByRole('button', { name: 'Hyper-parameters' });
    if ((await more.getAttribute('aria-expanded')) !== 'true') await more.click();
    const fields = {
      'setting-evaluateEvery': evaluateEvery,
      'setting-evaluationImages': evaluationImages,
      'param-batchSize': batchSize,
    };
    for (const [testId, value] of Object.entries(fields)) {
      if (value !== undefined) await this.page.getByTestId(testId).fill(String(value));
    }
  }

  /** Presses one part of a control that has several. */
  async choose(control: 'pane' | 'score-view' | 'measure', name: string): Promise<void> {
    await this.page.getByTestId(control).locator('label').filter({ hasText: name }).click();
  }

  async train(): Promise<void> {
    await this.button('play').click();
    await expect(this.button('pause')).toBeVisible();
  }

  async pause(): Promise<void> {
    await this.button('pause').click();
    await this.expectStatus('paused');
  }

  async expectStatus(status: 'idle' | 'running' | 'paused' | 'finished' | 'stopped'): Promise<void> {
    await expect(this.page.getByTestId('status')).toHaveAttribute('data-status', status);
  }

  /** Optimiser updates done, as the page says. */
  async step(): Promise<number> {
    return Number(await this.page.getByTestId('step-count').getAttribute('data-step'));
  }

  async expectStepBeyond(step: number): Promise<void> {
    await expect.poll(() => this.step()).toBeGreaterThan(step);
  }

  /** IoU in percent of every class; null where a class has none yet. */
  async bars(): Promise<(number | null)[]> {
    return this.page
      .locator('[data-testid^="iou-bar-"]')
      .evaluateAll((bars) =>
        bars.map((bar) => (bar.getAttribute('data-value') ? Number(bar.getAttribute('data-value')) : null)),
      );
  }

  /** Resolves when the bars show scores that differ from `before`; answers with them. */
  async expectBarsToMove(before: readonly (number | null)[]): Promise<(number | null)[]> {
    let now: (number | null)[] = [];
    await expect
      .poll(
        async () => {
          now = await this.bars();
          return now.some((iou) => iou !== null) && JSON.stringify(now) !== JSON.stringify(before);
        },
        { message: 'the bars show new scores' },
      )
      .toBe(true);
    return now;
  }

  async miou(): Promise<string> {
    return (await this.page.getByTestId('miou').textContent()) ?? '';
  }

  /** Resolves when the pictures show the predictions of `step`. */
  async expectPicturesAt(step: number): Promise<void> {
    await expect(this.page.getByText(`Step ${step}`, { exact: true })).toBeVisible();
  }

  /** Resolves when a chart reaches `step`; charts of live metrics are redrawn a few times a second only. */
  async expectChartAt(title: string, step: number): Promise<void> {
    await expect(this.page.getByRole('figure', { name: title })).toHaveAttribute('data-step', String(step));
  }

  /** The curves of a chart, as drawn. */
  async chart(title: string): Promise<(string | null)[]> {
    const curves = this.page.getByRole('figure', { name: title }).locator('path.recharts-line-curve');
    await expect(curves).not.toHaveCount(0);
    return curves.evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
  }

  canvas(layer: 'photo' | 'truth' | 'prediction' | 'confidence' | 'pseudo', row = 0): Locator {
    return this.page.getByTestId(`picture-${layer}-${row}`);
  }

  /** A hash of a canvas's pixels, and how many colours and opaque pixels it has. */
  async painted(canvas: Locator): Promise<{ hash: number; colours: number; opaque: number; pixels: number }> {
    return canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext('2d');
      if (context === null) throw new Error('Not a 2d canvas.');
      const words = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
      const opaque = words.reduce((count, word) => count + (word >>> 24 === 255 ? 1 : 0), 0);
      const hash = words.reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 7);
      return { hash, colours: new Set(words).size, opaque, pixels: words.length };
    });
  }

  /** Pixels that the threshold keeps, over all pictures. */
  async kept(): Promise<{ kept: number; pixels: number }> {
    const coverage = this.page.getByTestId('coverage');
    await expect(coverage).toHaveAttribute('data-kept', /\d/);
    return {
      kept: Number(await coverage.getAttribute('data-kept')),
      pixels: Number(await coverage.getAttribute('data-pixels')),
    };
  }

  /** Gives the import a folder, as its picker would. */
  async chooseFolder(directory: string): Promise<void> {
    await this.page.getByTestId('import-file-input').setInputFiles(directory);
  }

  get report(): Locator {
    return this.page.getByTestId('import-report');
  }

  /** Sets the size of the tiles in the report on screen. */
  async setTileSize({ width, height }: { readonly width: number; readonly height: number }): Promise<void> {
    await this.page.getByTestId('import-size').click();
    await this.page.getByRole('option', { name: 'Custom' }).click();
    await this.report.getByLabel('Width').fill(String(width));
    await this.report.getByLabel('Height').fill(String(height));
    await this.report.getByLabel('Height').blur();
  }

  /** The card of an import; the newest unless its place is named. */
  importCard(index = -1): Locator {
    return this.page.getByTestId('import-progress').nth(index);
  }

  async chooseDataset(side: 'source' | 'target', name: string): Promise<void> {
    await this.page.getByTestId(`dataset-select-${side}`).click();
    await this.page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
  }
}

export const test = base.extend<{ studio: StudioPage }>({
  studio: async ({ page, baseURL }, use) => {
    const studio = new StudioPage(page, new URL(baseURL ?? '').origin);
    await use(studio);
    expect(studio.errors, 'errors of the page').toEqual([]);
    expect(studio.foreignRequests, 'requests to other origins').toEqual([]);
  },
});

export { expect } from '@playwright/test';
