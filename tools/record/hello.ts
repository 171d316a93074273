// What the worker says of itself (methods, networks, recipes, metrics), asked of the real application on nothing but memory.
import { type Hello, PROTOCOL_VERSION } from '../../src/bridge/protocol.ts';
import type { RunId } from '../../src/domain/run.ts';
import { memory } from '../../src/engine/backend/memory.ts';
import { openBackend } from '../../src/engine/backend/openBackend.ts';
import { Application } from '../../src/session/application.ts';
import { createDatasets } from '../../src/session/datasets/datasets.ts';
import { MemoryRunStore } from '../../src/session/storage/memoryRunStore.ts';
import { MemoryTileStore } from '../../src/session/storage/memoryTileStore.ts';

export async function askHello(): Promise<Hello> {
  const nothing = (): void => undefined;
  const decoder = { decode: () => Promise.reject(new Error('There is nothing to decode.')) };
  const datasets = createDatasets(
    { tileStore: new MemoryTileStore(), decoder, openFiles: async () => ({ files: [], findings: [] }) },
    nothing,
  );
  const clock = { nowMs: () => 0, wallClockMs: () => 0, breathe: async () => undefined };
  const application = new Application(
    {
      datasets,
      runs: new MemoryRunStore(),
      clock,
      memory,
      device: { open: () => openBackend({ preference: 'cpu' }), trouble: async () => null, close: nothing },
      newRunId: () => 'run' as RunId,
    },
    nothing,
  );
  const { body } = await application.requests.hello({ protocolVersion: PROTOCOL_VERSION });
  return body;
}
