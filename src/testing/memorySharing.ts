// Tabs of one browser, in one process: locks and lines as Web Locks and broadcast channels keep them. A tab can be frozen: it
// hears nothing, and what it holds it holds on to.
import type { Hold, HoldWish, Line, Sharing } from '../session/run/sharing/sharing.ts';

interface Holder {
  readonly mode: HoldWish['mode'];
  readonly onLost: (() => void) | undefined;
}

export interface TabSharing extends Sharing {
  freeze(): void;
  /** What was missed is heard now. */
  thaw(): void;
}

export class MemoryTabs {
  private readonly holders = new Map<string, Set<Holder>>();
  private readonly lines = new Map<string, Set<(message: unknown) => void>>();

  tab(): TabSharing {
    let frozen: (() => void)[] | null = null;
    const whenAwake = (act: () => void): void => {
      if (frozen === null) act();
      else frozen.push(act);
    };
    return {
      freeze: () => {
        frozen = [];
      },
      thaw: () => {
        const missed = frozen ?? [];
        frozen = null;
        for (const act of missed) act();
      },
      hold: (name, wish) => this.hold(name, { ...wish, onLost: () => whenAwake(() => wish.onLost?.()) }),
      line: (name, receive) => this.line(name, (message) => whenAwake(() => receive(message))),
    };
  }

  private async hold(name: string, { mode, waitMs, steal = false, onLost }: HoldWish): Promise<Hold | null> {
    const held = this.holders.get(name) ?? new Set();
    this.holders.set(name, held);
    const isFree = () =>
      held.size === 0 || (mode === 'shared' && [...held].every((holder) => holder.mode === 'shared'));
    const end = performance.now() + waitMs;
    while (!isFree() && performance.now() < end) await new Promise((go) => setTimeout(go, 10));
    if (!isFree()) {
      if (!steal) return null;
      for (const holder of held) holder.onLost?.();
      held.clear();
    }
    const holder = { mode, onLost };
    held.add(holder);
    return { release: () => held.delete(holder) };
  }

  private line(name: string, receive: (message: unknown) => void): Line {
    const ends = this.lines.get(name) ?? new Set();
    this.lines.set(name, ends);
    ends.add(receive);
    const post = (message: unknown): void => {
      const copy = structuredClone(message);
      for (const end of ends) if (end !== receive) setTimeout(() => ends.has(end) && end(copy));
    };
    return { post, close: () => ends.delete(receive) };
  }
}
