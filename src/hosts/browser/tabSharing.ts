// What tabs of one browser share: Web Locks, which end with the tab that holds them, and a broadcast channel. Null where the
// browser has none of them, or refuses them because site data is blocked: then a run's lease in the store keeps two tabs apart.
import type { Hold, HoldWish, Line, Sharing } from '../../session/run/sharing/sharing.ts';

export async function tabSharing(): Promise<Sharing | null> {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined || typeof BroadcastChannel === 'undefined') return null;
  const isRefused = await locks.query().then(
    () => false,
    () => true,
  );
  return isRefused ? null : { hold: holdWith(locks), line };
}

const holdWith =
  (locks: LockManager) =>
  async (name: string, wish: HoldWish): Promise<Hold | null> => {
    const { mode, waitMs, steal = false, onLost } = wish;
    const patience: LockOptions = waitMs > 0 ? { signal: AbortSignal.timeout(waitMs) } : { ifAvailable: true };
    const hold = await take(locks, name, { mode, ...patience }, onLost);
    return hold !== null || !steal ? hold : take(locks, name, { steal: true }, onLost);
  };

/** The browser holds a lock for as long as the promise of its callback is pending. */
function take(locks: LockManager, name: string, options: LockOptions, onLost?: () => void): Promise<Hold | null> {
  return new Promise((resolve) => {
    let isHeld = false;
    locks
      .request(name, options, (lock) => {
        if (lock === null) return undefined;
        isHeld = true;
        return new Promise<void>((release) => resolve({ release }));
      })
      .then(
        () => resolve(null),
        () => {
          if (isHeld) onLost?.();
          else resolve(null);
        },
      );
  });
}

function line(name: string, receive: (message: unknown) => void): Line {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => receive(data);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}
