// The worker's clock. Breathing goes through a message channel: timers are throttled in hidden tabs, messages are not.
import type { RunClock } from '../../session/run/runParts.ts';

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

export const browserClock: RunClock = {
  nowMs: () => performance.now(),
  wallClockMs: () => Date.now(),
  breathe: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }),
};
