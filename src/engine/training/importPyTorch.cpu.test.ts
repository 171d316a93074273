import { afterEach, describe, expect, it } from 'vitest';
import { readAll } from '../backend/readback.ts';
import type { Network } from '../networks/core/network.ts';
import { networkEntry } from '../networks/registry.ts';
import { openWeights } from '../weightFiles/openWeights.ts';
import { readSafetensors, writeSafetensors } from '../weightFiles/safetensors.ts';
import { bytesSource } from '../weightFiles/tensors.ts';
import { importPyTorch as importOpened } from './importPyTorch.ts';
import { exportWeights } from './weights.ts';

const open: Network[] = [];
afterEach(() => {
  for (const network of open.splice(0)) network.dispose();
});
function built(id: string, params: Record<string, string | number> = {}, seed = 1): Network {
  const network = networkEntry(id).build({ seed, params: { width: 4, ...params } });
  open.push(network);
  return network;
}
const valuesOf = ({ parameters }: Network): Promise<Float32Array[]> =>
  readAll(parameters.map(({ variable }) => variable));

type Entry = readonly [name: string, tensor: { shape: readonly number[]; values: Float32Array }];
/** The tensors of a network as its own export has them. */
async function tensorsOf(network: Network): Promise<Entry[]> {
  const { tensors } = readSafetensors(await exportWeights(network));
  return [...tensors].map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }]);
}
const fileOf = (entries: readonly Entry[]): Uint8Array => writeSafetensors(entries);

const importPyTorch = async (network: Network, file: Uint8Array, entry: string | null = null) =>
  importOpened(network, await openWeights(bytesSource(file)), entry);

/** A file with one tensor of raw bytes, written without the code under test. */
function rawFile(name: string, dtype: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ [name]: { dtype, shape, data_offsets: [0, data.length] } }));
  const file = new Uint8Array(8 + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(data, 8 + header.length);
  return file;
}

describe('importPyTorch', () => {
  it.each([
    ['as AdaptSegNet saves it', (name: string) => name],
    ['from DataParallel', (name: string) => `module.${name}`],
    ['from the Caffe converter', (name: string) => `Scale.${name}`],
    ['as the backbone of something', (name: string) => `model.backbone.${name}`],
  ])('takes every tensor of a DeepLab v2 %s', async (_, wrap) => {
    const from = built('deeplab-v2-r50', {}, 1);
    const into = built('deeplab-v2-r50', {}, 2);
    const entries = (await tensorsOf(from)).map(([name, tensor]): Entry => [wrap(name), tensor]);
    const counter: Entry = [wrap('bn1.num_batches_tracked'), { shape: [1], values: Float32Array.of(7) }];
    expect(await importPyTorch(into, fileOf([...entries, counter]))).toMatchObject({
      matched: from.parameters.map(({ name }) => name),
      missing: [],
      unexpected: [],
      refused: [],
    });
    expect(await valuesOf(into)).toEqual(await valuesOf(from));
  });

  it('fills a backbone from ImageNet weights: the classifiers stay, the file’s own is left over', async () => {
    const trunk = (await tensorsOf(built('deeplab-v2-r50', {}, 1))).filter(([name]) => !name.startsWith('layer5.'));
    const fc: Entry = ['fc.weight', { shape: [1000, 2], values: new Float32Array(2000) }];
    const into = built('fcn-r50', {}, 2);
    const before = await valuesOf(into);
    const report = await importPyTorch(into, fileOf([...trunk, fc]));
    const names = into.parameters.map(({ name }) => name);
    expect(report.matched).toEqual(names.filter((name) => name.startsWith('backbone.')));
    expect(report.missing).toEqual(names.filter((name) => name.startsWith('classifier.')));
    expect(report.unexpected).toEqual(['fc.weight']);
    const after = await valuesOf(into);
    names.forEach((name, i) => {
      const source = trunk.find(([bare]) => `backbone.${bare}` === name);
      // Rank 4 is stored in PyTorch's order; what is compared here is one-dimensional.
      if (source === undefined) expect(after[i], name).toEqual(before[i]);
      else if (source[1].shape.length === 1) expect(after[i], name).toEqual(source[1].values);
    });
  });

  it('refuses a classifier for other classes and takes the rest', async () => {
    const entries = (await tensorsOf(built('deeplab-v2-r50', {}, 1))).map(([name, tensor]): Entry => {
      if (!name.startsWith('layer5.')) return [name, tensor];
      const shape = [21, ...tensor.shape.slice(1)];
      return [name, { shape, values: new Float32Array(shape.reduce((a, b) => a * b)) }];
    });
    const into = built('deeplab-v2-r50', {}, 2);
    const report = await importPyTorch(into, fileOf(entries));
    const heads = into.parameters.flatMap(({ name }) => (name.startsWith('layer5.') ? [name] : []));
    expect(report.refused).toEqual(heads.map((name) => expect.objectContaining({ name, reason: 'classes' })));
    expect(report.missing).toEqual([]);
    expect(report.matched).toHaveLength(into.parameters.length - heads.length);
  });

  it('says what is missing where a smaller network meets a larger one, and which shapes do not fit', async () => {
    const single = await tensorsOf(built('deeplab-v2-r50', {}, 1));
    const report = await importPyTorch(built('deeplab-v2-r101', { levels: 'multi' }, 2), fileOf(single));
    // The single level's classifier is on 128 channels, the first of two on 64.
    expect(report.refused).toEqual(
      [0, 1, 2, 3].map((i) => expect.objectContaining({ name: `layer5.conv2d_list.${i}.weight`, reason: 'shape' })),
    );
    expect(report.missing).toContain('layer6.conv2d_list.0.weight');
    expect(report.missing).toContain('layer3.22.conv3.weight');
    expect(report.missing).not.toContain('layer3.5.conv3.weight');
    expect(report.unexpected).toEqual([]);
  });

  it.each([
    // 1.5 and -2 in each format.
    ['F16', [0x00, 0x3e, 0x00, 0xc0]],
    ['BF16', [0xc0, 0x3f, 0x00, 0xc0]],
    ['F64', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0]],
  ] as const)('reads %s', async (dtype, pair) => {
    const into = built('deeplab-v2-r50');
    await importPyTorch(into, rawFile('module.bn1.weight', dtype, [4], Uint8Array.from([...pair, ...pair])));
    const at = into.parameters.findIndex(({ name }) => name === 'bn1.weight');
    expect([...(await valuesOf(into))[at]!]).toEqual([1.5, -2, 1.5, -2]);
  });

  it('refuses whole numbers, NaN, values beyond float32, and a second tensor for one array', async () => {
    const into = built('deeplab-v2-r50');
    const before = await valuesOf(into);
    const entry = (name: string, values: readonly number[]): Entry => [
      name,
      { shape: [4], values: Float32Array.from(values) },
    ];
    const file = fileOf([
      entry('bn1.weight', [1, 2, 3, Number.NaN]),
      entry('bn1.bias', [1, 2, 3, 4]),
      entry('module.bn1.bias', [5, 6, 7, 8]),
    ]);
    expect(await importPyTorch(into, file)).toMatchObject({
      matched: ['bn1.bias'],
      refused: [
        { name: 'bn1.weight', reason: 'not-finite' },
        { name: 'module.bn1.bias', reason: 'twice' },
      ],
    });
    before[2]!.set([1, 2, 3, 4]);
    expect(into.parameters[2]!.name).toBe('bn1.bias');
    expect(await valuesOf(into)).toEqual(before);
    const alone = (dtype: string, bytes: Uint8Array) => () =>
      importPyTorch(into, rawFile('bn1.weight', dtype, [4], bytes));
    const nothingFits = expect.objectContaining({ code: 'checkpoint.incompatible' });
    await expect(alone('I64', new Uint8Array(32))()).rejects.toEqual(nothingFits);
    await expect(alone('F64', new Uint8Array(new Float64Array(4).fill(1e300).buffer))()).rejects.toEqual(nothingFits);
    await expect(alone('F32', new Uint8Array(15))()).rejects.toEqual(
      expect.objectContaining({ code: 'checkpoint.corrupt' }),
    );
    expect(await valuesOf(into)).toEqual(before);
  });
});
