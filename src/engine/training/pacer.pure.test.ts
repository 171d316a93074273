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
  it('never waits for more steps than asked', () => {
    expect(windows(0, 4, 5)).toEqual([1, 2, 4, 5]);
  });
});
