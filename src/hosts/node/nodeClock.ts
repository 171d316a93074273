// Node's clock, and a breath between steps so that signals and timers are heard.
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { RunClock } from '../../session/runParts.ts';

export const nodeClock: RunClock = {
  nowMs: () => performance.now(),
  wallClockMs: () => Date.now(),
  // While a read-back is awaited, Dawn's binding asks for it again and again and takes one core of the machine.
  rest: (durationMs) => setTimeout(durationMs),
  breathe: () => setImmediate(),
};
