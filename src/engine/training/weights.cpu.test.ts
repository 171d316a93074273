// Exported weights of every network, read back.
import { afterEach, describe, expect, it, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import { readAll } from '../backend/readback.ts';
import type { Network } from '../networks/core/network.ts';
import { NETWORKS } from '../networks/registry.ts';
import { readSafetensors, writeSafetensors } from '../weightFiles/safetensors.ts';
import { exportWeights, importWeights, loadNetwork, trainedClasses, trainedSize } from './weights.ts';

const open: Network[] = [];
afterEach(() => {
  for (const network of open.splice(0)) network.dispose();
});
const valuesOf = ({ parameters }: Network): Promise<Float32Array[]> =>
  readAll(parameters.map(({ variable }) => variable));
const refusal = (code: string) => expect.objectContaining({ code });

test.each([{}, { width: '48' }, { width: '48', height: '-1' }, { width: 'x', height: '2' }])(
  'metadata without a whole size says none: %j',
  (metadata) => {
    expect(trainedSize(metadata)).toBeNull();
  },
);

test('metadata without classes means Cityscapes’, and broken ones are refused', () => {
  expect(trainedClasses({})).toBe(CITYSCAPES_CLASSES);
  const broken = [
    { classes: '[' },
    { classes: '["a"]' },
    { classes: '[]' },
    { classes: '["a"]', palette: '[[0,0,999]]' },
  ];
  for (const metadata of broken) expect(() => trainedClasses(metadata)).toThrow(refusal('checkpoint.corrupt'));
});

describe.each(NETWORKS)('weights of $info.id', ({ info, build }) => {
  // Names and shapes do not depend on the width: the narrowest will do.
  const params = info.params === undefined ? {} : { width: 4 };
  const built = (seed: number, classes = 19): Network => {
    const network = build({ seed, params, classes });
    open.push(network);
    return network;
  };

  it('come back exactly, under PyTorch’s names', async () => {
    const network = built(1, 2);
    const classes = CITYSCAPES_CLASSES.slice(0, 2).map(({ name, rgb }) => ({ name, rgb }));
    const file = await exportWeights(network, { size: { width: 48, height: 32 }, classes });
    const { params: chosen, normalisation, ...metadata } = readSafetensors(file).metadata;
    expect(metadata).toEqual({
      network: info.id,
      ...{ width: '48', height: '32' },
      ...{ classes: '["road","sidewalk"]', palette: '[[128,64,128],[244,35,232]]' },
    });
    expect(JSON.parse(chosen ?? '{}')).toMatchObject(params);
    expect(JSON.parse(normalisation!)).toMatchObject({ mean: { length: 3 }, deviation: { length: 3 } });
    expect(trainedSize(metadata)).toEqual({ width: 48, height: 32 });
    expect(trainedClasses(metadata)).toEqual(classes);
    const other = built(2, 2);
    const names = network.parameters.map(({ name }) => name);
    expect(importWeights(other, file)).toEqual({ matched: names, missing: [], unexpected: [] });
    expect(await valuesOf(other)).toEqual(await valuesOf(network));
    const loaded = loadNetwork(file);
    open.push(loaded);
    expect(await valuesOf(loaded)).toEqual(await valuesOf(network));
  });

  it('report what does not match, and refuse a wrong shape by name with nothing changed', async () => {
    const network = built(1);
    const before = await valuesOf(network);
    const { name, variable } = network.parameters[1]!;
    const entry = (shape: number[]) => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b)) });
    const partly = writeSafetensors([
      [name, entry([variable.size])],
      ['fc.weight', entry([2, 2])],
    ]);
    const report = importWeights(network, partly);
    expect(report.matched).toEqual([name]);
    expect(report.missing).toHaveLength(network.parameters.length - 1);
    expect(report.unexpected).toEqual(['fc.weight']);
    before[1]!.fill(0);
    const wrong = writeSafetensors([
      [network.parameters[0]!.name, entry([7])],
      [name, { shape: [variable.size], values: new Float32Array(variable.size).fill(5) }],
    ]);
    expect(() => importWeights(network, wrong)).toThrow(
      expect.objectContaining({
        code: 'checkpoint.incompatible',
        context: expect.objectContaining({ tensor: network.parameters[0]!.name, found: '[7]' }),
      }),
    );
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const values = new Float32Array(variable.size).fill(5).fill(value, -1);
      const diverged = writeSafetensors([[name, { shape: [variable.size], values }]]);
      expect(() => importWeights(network, diverged)).toThrow(
        expect.objectContaining({
          code: 'checkpoint.incompatible',
          context: expect.objectContaining({ tensor: name }),
        }),
      );
    }
    expect(() => importWeights(network, writeSafetensors([['a', entry([1])]]))).toThrow(
      refusal('checkpoint.incompatible'),
    );
    expect(() => loadNetwork(partly)).toThrow(refusal('checkpoint.incompatible'));
    expect(await valuesOf(network)).toEqual(before);
  });
});
