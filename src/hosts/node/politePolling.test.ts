// The binding's questions sleep once a wait lasts, and nothing else does.
import timers from 'node:timers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pollPolitely } from './politePolling.ts';

const { setImmediate, setTimeout } = globalThis;
beforeEach(() => {
  // Another file may have opened a device: its questions are polite already.
  globalThis.setImmediate = timers.setImmediate;
});
afterEach(() => {
  globalThis.setImmediate = setImmediate;
  globalThis.setTimeout = setTimeout;
  vi.restoreAllMocks();
});

/** Which of `count` questions in a row come by a timer. */
async function delayed(count: number, callbackOf: (done: () => void) => () => void): Promise<boolean[]> {
  const timer = vi.spyOn(globalThis, 'setTimeout');
  const answers: boolean[] = [];
  for (let i = 0; i < count; i++) {
    const before = timer.mock.calls.length;
    await new Promise<void>((done) => globalThis.setImmediate(callbackOf(done)));
    answers.push(timer.mock.calls.length > before);
  }
  timer.mockRestore();
  return answers;
}
/** What the binding passes is native code; so is a bound function. */
const native = (done: () => void): (() => void) => done.bind(null);
const scripted = (done: () => void) => () => done();

test('a wait that lasts is asked about a millisecond apart, and the next one begins eagerly', async () => {
  // On a busy machine a question may come so late that it counts as the next wait's: here the clock is the test's.
  let nowMs = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += 1;
    return nowMs;
  });
  pollPolitely();
  const first = await delayed(60, native);
  expect(first.slice(0, 40)).not.toContain(true);
  expect(first.slice(-5)).toEqual([true, true, true, true, true]);
  nowMs += 20;
  expect(await delayed(5, native)).not.toContain(true);
});

test('what JavaScript schedules is never delayed, and every argument arrives', async () => {
  pollPolitely();
  expect(await delayed(80, scripted)).not.toContain(true);
  expect(await new Promise((done) => globalThis.setImmediate((a, b) => done([a, b]), 1, 2))).toEqual([1, 2]);
});
