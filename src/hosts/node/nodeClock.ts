// Node's clock, and a breath between steps so that signals and timers are heard.
import { setImmediate } from 'node:timers/promises';
import type { RunClock } from '../../session/run/runParts.ts';

export const nodeClock: RunClock = {
  nowMs: () => performance.now(),
  wallClockMs: () => Date.now(),
  breathe: () => setImmediate(),
};
