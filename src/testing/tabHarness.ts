// Two tabs of one browser over one store, in one process: each with its own worker's keeper of runs.
import type { EventName, Events } from '../bridge/protocol.ts';
import type { Emit } from '../bridge/server.ts';
import { bareRecipe } from '../domain/recipe.ts';
import type { RunConfig } from '../domain/run.ts';
import { memory } from '../engine/backend/memory.ts';
import { openBackend } from '../engine/backend/openBackend.ts';
import type { RunStore } from '../session/ports.ts';
import { CurrentRun } from '../session/run/currentRun.ts';
import { KeptRunStore } from '../session/storage/runs/keptRunStore.ts';
import { MemoryRunFiles } from '../session/storage/runs/memoryRunFiles.ts';
import { MemoryTabs, type TabSharing } from './memorySharing.ts';
import { runConfig, runHost, stripedPair } from './runHarness.ts';

/** It does not end by itself. */
const CONFIG = runConfig({ recipe: bareRecipe('source-only', { batchSize: 1 }, 100_000), evaluateEvery: 100_000 });
const PATIENCE_MS = 20_000;
/** The newest events; a run that trains tells of thousands. */
const REMEMBERED = 5000;

export interface Tab {
  readonly run: CurrentRun;
  readonly store: RunStore;
  readonly sharing: TabSharing;
  readonly config: RunConfig;
  /** What was told under that name, oldest first. */
  of<N extends EventName>(name: N): Events[N][];
  /** The last step that was told of. */
  step(): number;
  /** Of every failure that was told. */
  codes(): string[];
  until(isSo: () => boolean): Promise<void>;
}

let tokens = 0;

export async function openTabs(): Promise<{ readonly one: Tab; readonly two: Tab }> {
  const device = await openBackend({ preference: 'cpu' });
  const files = new MemoryRunFiles();
  const browser = new MemoryTabs();
  const pair = stripedPair(4);
  const open = (): Tab => {
    const sharing = browser.tab();
    const newToken = () => `token ${tokens++}`;
    const store = new KeptRunStore(files, newToken);
    const heard: { name: EventName; body: unknown }[] = [];
    const emit: Emit = (name, body) => {
      heard.push({ name, body });
      if (heard.length > REMEMBERED) heard.shift();
    };
    // A save every few steps.
    const { clock, source } = runHost({ device, store, pair, tickMs: 2000 });
    const host = { open: async () => device, trouble: async () => null, close: () => undefined };
    const run = new CurrentRun({ store, clock, memory, device: host, source, sharing, newToken }, emit);
    const of = <N extends EventName>(name: N): Events[N][] =>
      heard.filter((one) => one.name === name).map(({ body }) => body as Events[N]);
    return {
      run,
      store,
      sharing,
      config: CONFIG,
      of,
      step: () => of('run.state').at(-1)?.state.step ?? 0,
      codes: () => of('failure').map(({ error }) => error.code),
      until: async (isSo) => {
        const end = performance.now() + PATIENCE_MS;
        while (!isSo()) {
          if (performance.now() > end) throw new Error(`Waited in vain for ${isSo}`);
          await new Promise((go) => setTimeout(go, 20));
        }
      },
    };
  };
  return { one: open(), two: open() };
}
