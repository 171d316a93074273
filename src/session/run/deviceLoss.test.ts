// A graphics device that is lost, whoever is to blame, costs a run nothing but the steps since its last save: it goes on by
// itself on a new device, and ends with the bits of a run that was left alone. Real devices, really destroyed.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { StudioError } from '../../domain/errors.ts';
import { bareRecipe } from '../../domain/recipe.ts';
import { closeBackend, deviceTrouble, openBackend } from '../../engine/backend/openBackend.ts';
import { openDawn } from '../../hosts/node/dawn.ts';
import { type DeviceSubject, openOnDevice } from '../../testing/deviceHarness.ts';
import { RUN, runConfig, traceOf } from '../../testing/runHarness.ts';
import type { CurrentRun, DeviceHost } from './currentRun.ts';

const STEPS = 6;
const CONFIG = runConfig({ recipe: bareRecipe('source-only', { batchSize: 1 }, STEPS), evaluateEvery: 3 });

let gpu: GPU;
beforeAll(async () => {
  ({ gpu } = await openDawn());
});
const opened: CurrentRun[] = [];
afterEach(async () => {
  for (const run of opened.splice(0)) await run.close();
});
afterAll(() => closeBackend());

function open(changes: Partial<DeviceHost> = {}, atStep?: (step: number) => void): DeviceSubject {
  const subject = openOnDevice(gpu, changes, atStep);
  opened.push(subject.run);
  return subject;
}

const statusOf = ({ states }: DeviceSubject) => states.at(-1)?.status;

async function play(subject: DeviceSubject): Promise<void> {
  await subject.run.start(CONFIG, RUN);
  await subject.until(() => statusOf(subject) === 'finished' || statusOf(subject) === 'failed');
}

let whole: Awaited<ReturnType<typeof traceOf>>;
test('left alone, a run ends', { timeout: 120_000 }, async () => {
  const subject = open();
  await play(subject);
  whole = await traceOf(subject.store);
  expect(whole.summary).toMatchObject({ status: 'finished', step: STEPS });
  expect(subject.told).toEqual({ recovered: [], failure: [] });
});

test('a device that is destroyed while a run trains is replaced, and the run ends with the same bits', {
  timeout: 120_000,
}, async () => {
  const fallen = new Set<number>();
  const subject: DeviceSubject = open({}, (step) => {
    for (const at of [2, 4]) {
      if (step < at || fallen.has(at)) continue;
      fallen.add(at);
      subject.devices.at(-1)?.destroy();
    }
  });
  await play(subject);
  expect(subject.told.failure).toEqual([]);
  expect(subject.told.recovered.map(({ reason }) => reason.code)).toEqual(['gpu.device-lost', 'gpu.device-lost']);
  for (const { run } of subject.told.recovered) expect(run?.repeated).toBeGreaterThanOrEqual(0);
  expect(subject.devices).toHaveLength(3);
  expect(await traceOf(subject.store)).toEqual(whole);
});

test('a device that is destroyed while a run is paused is replaced, and the run waits', {
  timeout: 120_000,
}, async () => {
  const subject = open();
  const session = await subject.run.start(CONFIG, RUN);
  await subject.until(() => (subject.states.at(-1)?.step ?? 0) > 0);
  await session.pause();
  while (session.updates < 3) await session.step();
  subject.devices.at(-1)?.destroy();
  await subject.until(() => subject.told.recovered.length === 1);
  expect(subject.told.recovered[0]?.run).toMatchObject({ repeated: 0, record: { summary: { step: 3 } } });
  expect(subject.run.get(RUN.runId).isPlaying).toBe(false);
  await subject.run.get(RUN.runId).play();
  expect(await traceOf(subject.store)).toEqual(whole);
});

test('without a run, a lost device is replaced all the same', { timeout: 60_000 }, async () => {
  const subject = open();
  await subject.run.device;
  subject.devices.at(-1)?.destroy();
  await subject.until(() => subject.told.recovered.length === 1);
  expect(subject.told.recovered[0]?.run).toBeNull();
  await play(subject);
  expect(await traceOf(subject.store)).toEqual(whole);
});

test('a device lost while a run is being opened is replaced, and the run begins', { timeout: 60_000 }, async () => {
  let openings = 0;
  const subject: DeviceSubject = open({
    tuneKernels: async () => {
      if (openings++ === 0) subject.devices.at(-1)?.destroy();
    },
  });
  await play(subject);
  expect(await traceOf(subject.store)).toEqual(whole);
  expect(subject.told.failure).toEqual([]);
  expect(subject.told.recovered.map(({ reason }) => reason.code)).toEqual(['gpu.device-lost']);
});

test('after three losses without a save between them the run fails with advice, its checkpoint whole', {
  timeout: 120_000,
}, async () => {
  const subject: DeviceSubject = open({}, () => subject.devices.at(-1)?.destroy());
  await play(subject);
  expect(subject.states.at(-1)?.error).toMatchObject({ code: 'gpu.device-lost' });
  await subject.until(() => subject.told.recovered.length === 4);
  const opened = await subject.run.open(RUN.runId, false);
  expect(opened.record.summary.config).toEqual(CONFIG);
});

test('work that the device refuses ends the run: a new device would refuse it again', { timeout: 60_000 }, async () => {
  let onTrouble: (error: StudioError) => void = () => undefined;
  let trouble: StudioError | null = null;
  const refused = new StudioError('gpu.invalid-work', 'WebGPU: binding size', 'Please report this.');
  const subject: DeviceSubject = open(
    {
      open: async (_, listener) => {
        onTrouble = listener;
        return openBackend({ preference: 'webgpu', gpu });
      },
      trouble: async () => trouble,
    },
    (step) => {
      if (step < 2 || trouble !== null) return;
      trouble = refused;
      onTrouble(refused);
    },
  );
  await play(subject);
  expect(subject.states.at(-1)).toMatchObject({ status: 'failed', error: { code: 'gpu.invalid-work' } });
});

test('what a device refuses is told by its own name, and nothing that it computed since is trusted', async () => {
  const subject = open();
  await subject.run.device;
  subject.devices.at(-1)?.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  expect((await deviceTrouble())?.code).toBe('gpu.invalid-work');
  await subject.until(() => subject.told.recovered.length === 1);
  expect(subject.told.recovered[0]?.reason.code).toBe('gpu.invalid-work');
  expect(await deviceTrouble()).toBeNull();
});
