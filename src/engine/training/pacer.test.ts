import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

/** Lengths of the windows between read-backs where a step takes `stepMs`. */
function windows(stepMs: number, count: number, readEverySteps = 50): number[] {
  let now = 0;
  const pacer = new Pacer({ nowMs: () => now, readEveryMs: 250, readEverySteps });
  return Array.from({ length: count }, () => {
    let steps = 1;
    while (!pacer.queued()) steps += 1;
    now += steps * stepMs;
    pacer.waited();
    return steps;
  });
}

describe('Pacer', () => {
  it('opens the window by doubling until it holds the wanted time', () => {
    expect(windows(10, 7)).toEqual([1, 2, 4, 8, 16, 25, 25]);
  });
  it('reads back every step of a slow device', () => {
    expect(windows(1200, 3)).toEqual([1, 1, 1]);
  });
  it('rests for most of what the queue will take, less what has passed, and for seconds at most', () => {
    let now = 0;
    const pacer = new Pacer({ nowMs: () => now, readEveryMs: 250, readEverySteps: 50 });
    for (const stepMs of [5000, 100]) {
      pacer.queued();
      expect(pacer.restMs()).toBe(0); // nothing is known yet: the first step compiles
      now += stepMs;
      pacer.waited();
    }
    pacer.queued();
    pacer.queued();
    now += 30;
    expect(pacer.restMs()).toBeCloseTo(0.9 * 170, 9);
    now += 270;
    expect(pacer.restMs()).toBe(0);
    // The machine was suspended for an hour.
    now += 3_600_000;
    pacer.waited();
    pacer.queued();
    expect(pacer.restMs()).toBe(5000);
  });
  it('forgets a slow step at once, though the host sleeps for most of the time that it expects', () => {
    let now = 0;
    const pacer = new Pacer({ nowMs: () => now, readEveryMs: 250, readEverySteps: 50 });
    const costsMs = [100, 100, 10_000, ...Array.from({ length: 60 }, () => 100)];
    let doneAt = 0;
    for (const costMs of costsMs) {
      doneAt = Math.max(doneAt, now) + costMs;
      if (!pacer.queued()) continue;
      const restMs = pacer.restMs();
      now += restMs;
      if (restMs > 0) pacer.rested();
      now = Math.max(now, doneAt) + 1;
      pacer.waited();
    }
    const workMs = costsMs.reduce((sum, ms) => sum + ms, 0);
    // One rest, as long as one may be; 3 % more for the reading.
    expect(now).toBeLessThan(1.03 * workMs + 5000);
  });
  it('never waits for more steps than asked', () => {
    expect(windows(0, 4, 5)).toEqual([1, 2, 4, 5]);
  });
});
