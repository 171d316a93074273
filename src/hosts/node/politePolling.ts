// Dawn's binding for Node has no events: while a promise of WebGPU is pending it asks again in every round of the event
// loop (it looks `setImmediate` up in the global scope), and keeps a core busy, which a software GPU has better use for.
// A training step of the built-in recipe takes 1.3 to 1.5 times as long for it on two cores (docs/measured.md).

/** A wait that is over at once, as most are in tests, costs no sleep. */
const EAGER_POLLS = 50;
/** After so long without a question the next one belongs to another wait. Longer than a timer takes to come. */
const NEXT_WAIT_MS = 3;
const SLEEP_MS = 1;

/** From now on the binding sleeps between questions, once a wait has taken a moment. What JavaScript schedules is left alone. */
export function pollPolitely(): void {
  const { setImmediate } = globalThis;
  let polls = 0;
  let lastMs = 0;
  const schedule = (callback: (...given: unknown[]) => void, ...given: unknown[]): unknown => {
    if (!isNative(callback)) return setImmediate(callback, ...given);
    const nowMs = performance.now();
    polls = nowMs - lastMs > NEXT_WAIT_MS ? 0 : polls + 1;
    lastMs = nowMs;
    return polls < EAGER_POLLS ? setImmediate(callback, ...given) : setTimeout(callback, SLEEP_MS, ...given);
  };
  globalThis.setImmediate = Object.defineProperties(
    schedule,
    Object.getOwnPropertyDescriptors(setImmediate),
  ) as typeof globalThis.setImmediate;
}

function isNative(callback: unknown): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(callback));
}
