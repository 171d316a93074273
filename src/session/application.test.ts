import { beforeAll, expect, test } from 'vitest';
import { Client } from '../bridge/client.ts';
import { PREDICTIONS } from '../bridge/pictures/predictions.ts';
import { portPair } from '../bridge/port.ts';
import { PROTOCOL_VERSION, type ToStudio, type ToWorker } from '../bridge/protocol.ts';
import { serve } from '../bridge/server.ts';
import type { DatasetRef, SceneRole } from '../domain/dataset.ts';
import type { DeviceInfo } from '../domain/device.ts';
import { bareRecipe } from '../domain/recipe.ts';
import { RandomStream } from '../domain/rng.ts';
import type { RunConfig, RunId, RunState } from '../domain/run.ts';
import { memory } from '../engine/backend/memory.ts';
import { openBackend } from '../engine/backend/openBackend.ts';
import { METHODS } from '../engine/methods/registry.ts';
import { NETWORKS } from '../engine/networks/registry.ts';
import { Application } from './application.ts';
import { createDatasets } from './datasets/datasets.ts';
import type { DeviceHost } from './run/currentRun.ts';
import { SYSTEM_METRICS } from './run/systemMetrics.ts';
import { MemoryRunStore } from './storage/memoryRunStore.ts';
import { MemoryTileStore } from './storage/memoryTileStore.ts';

const settings = { size: { width: 32, height: 16 }, styleGap: 0.8, layoutGap: 0.35 };
const scenes = (role: SceneRole): DatasetRef => ({ kind: 'scenes', role, settings });
const config = (steps: number): RunConfig => ({
  schemaVersion: 2,
  seed: 1,
  source: scenes('game'),
  target: scenes('camera'),
  validation: null,
  labelledTargets: 0,
  network: 'toy',
  recipe: bareRecipe('source-only', { batchSize: 1 }, steps),
  evaluateEvery: 1000,
  evaluationImages: 1,
});

let device: DeviceInfo;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

const steadyDevice = (): DeviceHost => ({ open: async () => device, trouble: async () => null, close: () => {} });

/** A studio and a worker in one process, over a port that clones like a thread boundary. */
function open(runs = new MemoryRunStore(), gpu: DeviceHost = steadyDevice()) {
  const [studio, worker] = portPair<ToWorker, ToStudio>();
  let ids = 0;
  serve(worker, (emit) => {
    const clock = {
      nowMs: () => performance.now(),
      wallClockMs: () => ids,
      breathe: () => new Promise<void>((resolve) => setTimeout(resolve)),
    };
    const datasets = createDatasets(
      {
        tileStore: new MemoryTileStore(),
        decoder: { decode: async () => Promise.reject(new Error('unused')) },
        openFiles: async () => ({ files: [], findings: [] }),
      },
      emit,
    );
    return new Application(
      { datasets, runs, clock, memory, device: gpu, newRunId: () => `run-${++ids}` as RunId },
      emit,
    );
  });
  const client = new Client(studio);
  const states: RunState[] = [];
  const failures: string[] = [];
  client.on('run.state', ({ state }) => states.push(state));
  client.on('failure', ({ error }) => failures.push(error.code));
  const until = async (statuses: readonly RunState['status'][]) => {
    while (!statuses.includes(states.at(-1)?.status ?? 'preparing'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    return states.at(-1) as RunState;
  };
  return { client, states, failures, until };
}

test('says hello with everything a page draws its forms from, and tells the device', async () => {
  const { client } = open();
  const told = new Promise<DeviceInfo>((resolve) => client.on('device', (body) => resolve(body.device)));
  const hello = await client.request('hello', { protocolVersion: PROTOCOL_VERSION });
  expect(hello.methods.map(({ id }) => id)).toEqual(METHODS.map(({ info }) => info.id));
  expect(hello.metrics).toEqual(SYSTEM_METRICS);
  expect(hello.recipes.map(({ id }) => id)).toContain('ladder');
  // The smallest first: a person's first choice.
  const bySize = NETWORKS.map(({ info }) => info).sort((one, other) => one.parameters - other.parameters);
  expect(hello.networks.map(({ id }) => id)).toEqual(bySize.map(({ id }) => id));
  expect((await told).backend).toBe('cpu');
});

test('a page of another version is refused', async () => {
  await expect(open().client.request('hello', { protocolVersion: PROTOCOL_VERSION + 1 })).rejects.toMatchObject({
    code: 'bridge.version-mismatch',
    context: { page: PROTOCOL_VERSION + 1, worker: PROTOCOL_VERSION },
  });
});

test('trains, shows pictures, pauses, and opens again where it was', async () => {
  const { client, until } = open();
  const { runId, pinned } = await client.request('run.start', { config: config(500), name: 'amber-otter-1' });
  expect(pinned).toHaveLength(4);
  const frame = await client.pull(runId, PREDICTIONS, 0, null);
  expect(frame?.predictions.map(({ classes }) => classes.length)).toEqual([512, 512, 512, 512]);
  client.command('run.pause', { runId });
  const { step } = await until(['paused']);
  const { record } = await client.request('run.open', { runId });
  expect(record.summary).toMatchObject({ runId, step, name: 'amber-otter-1' });
  expect(record.metrics['train/loss_seg']?.steps.at(-1)).toBe(step);
  const { runs } = await client.request('run.delete', { runId });
  expect(runs).toEqual([]);
  await expect(client.request('run.open', { runId })).rejects.toMatchObject({ code: 'data.not-found' });
});

test('a bad configuration is refused before anything is opened', async () => {
  const { client, states } = open();
  await expect(client.request('run.start', { config: { ...config(5), seed: -1 }, name: 'x' })).rejects.toMatchObject({
    code: 'config.invalid',
    context: { key: 'seed' },
  });
  expect(states).toEqual([]);
});

test.each([1, 2, 3, 4])('no order of commands wedges a run (seed %d)', async (seed) => {
  const random = new RandomStream(seed, 'commands');
  const { client, until, failures } = open();
  const { runId } = await client.request('run.start', { config: config(1000), name: 'x' });
  const commands = ['run.pause', 'run.play', 'run.step', 'run.play', 'run.pause'] as const;
  for (let i = 0; i < 12; i++) {
    client.command(commands[random.integer(commands.length)] ?? 'run.play', { runId });
    if (random.uniform() < 0.4) await new Promise((resolve) => setTimeout(resolve, random.integer(120)));
  }
  client.command('run.stop', { runId });
  expect((await until(['stopped'])).error).toBeNull();
  expect(failures).toEqual([]);
});
