// Two tabs and one run: one trains it, the other watches or takes over. Whatever they do, the run is trained once.
import { afterEach, expect, test } from 'vitest';
import { PREDICTIONS } from '../../../bridge/pictures/predictions.ts';
import { RUN } from '../../../testing/runHarness.ts';
import { openTabs, type Tab } from '../../../testing/tabHarness.ts';

const opened: Tab[] = [];
afterEach(async () => {
  for (const { run } of opened.splice(0)) await run.close();
});

async function tabs() {
  const { one, two } = await openTabs();
  opened.push(one, two);
  return { one, two };
}

const steps = async ({ store }: Tab) => [...((await store.load(RUN.runId)).metrics['train/lr']?.steps ?? [])];
const isOnce = (history: readonly number[]) => history.every((step, i) => step === i + 1);

test('the second tab watches: it sees every step, and pictures drawn by the first', async () => {
  const { one, two } = await tabs();
  await one.run.start(one.config, RUN);
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
  const { one, two } = await tabs();
  const session = await one.run.start(one.config, RUN);
  await one.until(() => one.step() > 2);
  await session.pause();
  await two.run.open(RUN.runId, false);
  await two.until(() => two.of('run.state').length > 0);
  expect(two.of('run.state').at(-1)?.state).toMatchObject({ status: 'paused', step: session.updates });
});

test('who takes over goes on where the other was, who watches from then on', async () => {
  const { one, two } = await tabs();
  const session = await one.run.start(one.config, RUN);
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
  const { one, two } = await tabs();
  const session = await one.run.start(one.config, RUN);
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
  const { one, two } = await tabs();
  await one.run.start(one.config, RUN);
  await one.until(() => one.of('run.saved').length > 0);
  await two.store.deleteRun(RUN.runId);
  await one.until(() => one.of('run.state').at(-1)?.state.error?.code === 'run.gone');
  await one.run.close();
  expect(await two.store.listRuns()).toEqual([]);
});

test('a closed run is free for the other tab, and so are its datasets', async () => {
  const { one, two } = await tabs();
  await one.run.start(one.config, RUN);
  const deleting = () => two.sharing.hold('udas-studio dataset target', { mode: 'exclusive', waitMs: 0 });
  expect(await deleting()).toBeNull();
  await one.run.close();
  (await deleting())?.release();
  expect((await two.run.open(RUN.runId, false)).isWatched).toBe(false);
});
