// Two tabs and one run: one trains it, the other watches or takes over. Whatever they do, the run is trained once.
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { PREDICTIONS } from '../../../bridge/pictures/predictions.ts';
import type { EventName, Events } from '../../../bridge/protocol.ts';
import type { Emit } from '../../../bridge/server.ts';
import type { DeviceInfo } from '../../../domain/device.ts';
import { bareRecipe } from '../../../domain/recipe.ts';
import { memory } from '../../../engine/backend/memory.ts';
import { openBackend } from '../../../engine/backend/openBackend.ts';
import { MemoryTabs } from '../../../testing/memorySharing.ts';
import { RUN, runConfig, runHost, stripedPair } from '../../../testing/runHarness.ts';
import { KeptRunStore } from '../../storage/runs/keptRunStore.ts';
import { MemoryRunFiles } from '../../storage/runs/memoryRunFiles.ts';
import { CurrentRun } from '../currentRun.ts';

const CONFIG = runConfig({ recipe: bareRecipe('source-only', { batchSize: 1 }, 100_000), evaluateEvery: 100_000 });

let device: DeviceInfo;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});
const opened: CurrentRun[] = [];
afterEach(async () => {
  for (const run of opened.splice(0)) await run.close();
});

let tokens = 0;
function tabs() {
  const files = new MemoryRunFiles();
  const browser = new MemoryTabs();
  const pair = stripedPair(4);
  const open = () => {
    const sharing = browser.tab();
    const newToken = () => `token ${tokens++}`;
    const store = new KeptRunStore(files, newToken);
    const heard: { name: EventName; body: unknown }[] = [];
    const emit: Emit = (name, body) => void heard.push({ name, body });
    // A save every few steps.
    const { clock, source } = runHost({ device, store, pair, tickMs: 2000 });
    const host = { open: async () => device, trouble: async () => null, close: () => undefined };
    const run = new CurrentRun({ store, clock, memory, device: host, source, sharing, newToken }, emit);
    opened.push(run);
    const of = <N extends EventName>(name: N) =>
      heard.filter((one) => one.name === name).map(({ body }) => body as Events[N]);
    const step = () => of('run.state').at(-1)?.state.step ?? 0;
    const until = (isSo: () => boolean) =>
      vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 20_000, interval: 20 });
    return { run, store, sharing, of, step, until };
  };
  return { one: open(), two: open() };
}

const steps = async ({ store }: ReturnType<typeof tabs>['one']) => [
  ...((await store.load(RUN.runId)).metrics['train/lr']?.steps ?? []),
];
const isOnce = (history: readonly number[]) => history.every((step, i) => step === i + 1);

test('the second tab watches: it sees every step, and pictures drawn by the first', async () => {
  const { one, two } = tabs();
  await one.run.start(CONFIG, RUN);
  await one.until(() => one.of('run.saved').length > 0);
  const { isWatched, record, pinned } = await two.run.open(RUN.runId, false);
  expect([isWatched, record.summary.runId, pinned.length]).toEqual([true, RUN.runId, 4]);
  const reached = one.step();
  await two.until(() => two.step() > reached);
  expect(two.of('run.metrics').length).toBeGreaterThan(0);
  const frame = await two.run.pull(RUN.runId, { kind: PREDICTIONS.name, after: -1, ask: null });
  expect(frame?.step).toBeGreaterThan(0);
  expect(() => two.run.get(RUN.runId)).toThrow('not open');
  expect(one.run.get(RUN.runId).isPlaying).toBe(true);
});

test('a paused run tells who begins to watch how it stands', async () => {
  const { one, two } = tabs();
  const session = await one.run.start(CONFIG, RUN);
  await one.until(() => one.step() > 2);
  await session.pause();
  await two.run.open(RUN.runId, false);
  await two.until(() => two.of('run.state').length > 0);
  expect(two.of('run.state').at(-1)?.state).toMatchObject({ status: 'paused', step: session.updates });
});

test('who takes over goes on where the other was, who watches from then on', async () => {
  const { one, two } = tabs();
  const session = await one.run.start(CONFIG, RUN);
  await one.until(() => one.step() > 3);
  await two.run.open(RUN.runId, false);
  const { isWatched, record } = await two.run.open(RUN.runId, true);
  expect([isWatched, record.summary.step]).toEqual([false, session.updates]);
  await one.until(() => one.of('run.taken').length === 1);
  void two.run.get(RUN.runId).play();
  await one.until(() => one.step() > record.summary.step + 3);
  await two.run.get(RUN.runId).pause();
  const history = await steps(two);
  expect(history.length).toBe(two.run.get(RUN.runId).updates);
  expect(isOnce(history)).toBe(true);
});

test('a frozen tab is left without its run; when it wakes it writes nothing, and watches', async () => {
  const { one, two } = tabs();
  const session = await one.run.start(CONFIG, RUN);
  await one.until(() => one.of('run.saved').length > 1);
  one.sharing.freeze();
  const { record } = await two.run.open(RUN.runId, true);
  void two.run.get(RUN.runId).play();
  // It trains on for all that its lock says; its next save is refused.
  await one.until(() => one.of('run.state').at(-1)?.state.error?.code === 'run.taken');
  expect(session.current.status).not.toBe('running');
  one.sharing.thaw();
  await one.until(() => one.of('run.taken').length === 1);
  await one.until(() => one.of('run.state').at(-1)?.state.status === 'running');
  await two.until(() => two.step() > record.summary.step + 3);
  await two.run.get(RUN.runId).pause();
  expect(isOnce(await steps(two))).toBe(true);
});

test('a run that is deleted in another tab ends here, is told, and does not come back', async () => {
  const { one, two } = tabs();
  await one.run.start(CONFIG, RUN);
  await one.until(() => one.of('run.saved').length > 0);
  await two.store.deleteRun(RUN.runId);
  await one.until(() => one.of('run.state').at(-1)?.state.error?.code === 'run.gone');
  await one.run.close();
  expect(await two.store.listRuns()).toEqual([]);
});

test('a closed run is free for the other tab, and so are its datasets', async () => {
  const { one, two } = tabs();
  await one.run.start(CONFIG, RUN);
  const deleting = () => two.sharing.hold('udas-studio dataset target', { mode: 'exclusive', waitMs: 0 });
  expect(await deleting()).toBeNull();
  await one.run.close();
  (await deleting())?.release();
  expect((await two.run.open(RUN.runId, false)).isWatched).toBe(false);
});
