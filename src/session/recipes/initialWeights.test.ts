import { beforeAll, expect, test } from 'vitest';
import type { DeviceInfo } from '../../domain/device.ts';
import { bareRecipe } from '../../domain/recipe.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { networkEntry } from '../../engine/networks/registry.ts';
import { exportWeights } from '../../engine/training/weights.ts';
import { readSafetensors, writeSafetensors } from '../../engine/weightFiles/safetensors.ts';
import { bytesSource } from '../../engine/weightFiles/tensors.ts';
import { ListingRunStore, RUN, runConfig, runHost, stripedPair, watchRun } from '../../testing/runHarness.ts';
import { floats, torchZip } from '../../testing/torchFiles.ts';
import { resumeRun, startRun } from '../run/openRun.ts';
import { initialWeightsName, readInitialWeights, takeInitialWeights } from './initialWeights.ts';

let device: DeviceInfo;
let file: Uint8Array;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
  const network = networkEntry('toy').build({ seed: 77 });
  file = await exportWeights(network);
  network.dispose();
});

const tensorsOf = (bytes: Uint8Array) =>
  [...readSafetensors(bytes).tensors].map(([name, { values }]) => [name, values]);
async function open(weights: Uint8Array, method = 'source-only') {
  const store = new ListingRunStore();
  const recipe = bareRecipe(method, { batchSize: 1 }, 1);
  const host = runHost({ device, store, pair: stripedPair(2) });
  const config = runConfig({ recipe, initialWeights: initialWeightsName(weights) });
  return {
    store,
    host,
    session: await startRun(config, { ...RUN, initialWeights: weights }, host, watchRun().observer),
  };
}

test.each(['source-only', 'adversarial'])(
  '%s begins with the weights of the file, also when opened again',
  async (method) => {
    const { store, host, session } = await open(file, method);
    expect(tensorsOf(await session.exportWeights())).toEqual(tensorsOf(file));
    await store.saveSummary(session.current);
    await session.dispose();
    const { session: again } = await resumeRun(RUN.runId, host, watchRun().observer);
    expect(tensorsOf(await again.exportWeights())).toEqual(tensorsOf(file));
    await again.step();
    expect(tensorsOf(await again.exportWeights())).not.toEqual(tensorsOf(file));
    await again.dispose();
  },
);

test('a file with names as DataParallel writes them gives what it has; the rest begins as it would', async () => {
  const stored = [...readSafetensors(file).tensors];
  const some = stored.slice(0, 3).map(([name, { shape, values }]) => {
    return [`module.${name}`, { shape, values: Float32Array.from(values) }] as const;
  });
  const { session } = await open(writeSafetensors(some));
  const begun = tensorsOf(await session.exportWeights());
  expect(begun.slice(0, 3)).toEqual(tensorsOf(file).slice(0, 3));
  expect(begun).not.toEqual(tensorsOf(file));
  await session.dispose();
});

test('a tensor of another shape is refused by name', async () => {
  const [first, ...others] = [...readSafetensors(file).tensors];
  const [name] = first!;
  const wrong = writeSafetensors([
    [name, { shape: [2, 2], values: new Float32Array(4) }],
    ...others.map(([other, { shape, values }]) => [other, { shape, values: Float32Array.from(values) }] as const),
  ]);
  await expect(open(wrong)).rejects.toMatchObject({
    code: 'checkpoint.incompatible',
    context: { tensor: name, reason: 'shape' },
  });
});

test('of a PyTorch file what fits is kept as safetensors; a file of ours as it is', async () => {
  const network = networkEntry('toy').build({ seed: 5 });
  const dict = (scale: number) =>
    Object.fromEntries(
      [...readSafetensors(file).tensors].map(([name, { shape, values }]) => [
        `module.${name}`,
        floats(
          shape,
          values.map((v) => v * scale),
        ),
      ]),
    );
  const torch = await torchZip({ epoch: 3, student: dict(0), teacher: dict(1) });
  const read = await readInitialWeights(network, bytesSource(torch), 'teacher');
  expect(read.report).toMatchObject({ entry: 'teacher', missing: [], refused: [] });
  expect(tensorsOf(read.file)).toEqual(tensorsOf(file));
  expect(await takeInitialWeights(network, read.file)).toMatchObject({ entry: '', missing: [], unexpected: [] });
  expect((await readInitialWeights(network, bytesSource(file), null)).file).toEqual(file);
  network.dispose();
});
