// What the page's main thread does for a while: every task's length, from Chromium's own trace. Tells the time a task
// took (which counts waiting for a core on a busy machine) from the time it computed.
import type { Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  /** Microseconds on a core. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface Distribution {
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly p50Ms: number;
  /** Longer than 50 ms. */
  readonly long: number;
}

export interface MainThreadRecord {
  readonly tasks: number;
  /** Share of the time that the thread was busy. */
  readonly busy: number;
  readonly elapsed: Distribution;
  readonly computing: Distribution;
}

/** Lets the page work for `durationMs` and measures the tasks of its main thread. */
export async function recordMainThread(page: Page, durationMs: number): Promise<MainThreadRecord> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser to trace.');
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(durationMs);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const key = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(key),
  );
  const tasks = traceEvents.filter((event) => event.name === 'RunTask' && event.ph === 'X' && mains.has(key(event)));
  const elapsedMs = tasks.map(({ dur = 0 }) => dur / 1000);
  return {
    tasks: tasks.length,
    busy: elapsedMs.reduce((sum, ms) => sum + ms, 0) / durationMs,
    elapsed: distribution(elapsedMs),
    computing: distribution(tasks.map(({ dur = 0, tdur = dur }) => tdur / 1000)),
  };
}

function distribution(valuesMs: readonly number[]): Distribution {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { maxMs: at(1), p99Ms: at(0.99), p50Ms: at(0.5), long: sorted.filter((ms) => ms > 50).length };
}
