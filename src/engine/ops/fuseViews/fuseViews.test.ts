// Several views made one prediction: against a float64 reference, and the promises of the maximum confidence map.
import { describe, expect, it } from 'vitest';
import { map as mapped, type NdArray } from '../../../testing/ndArray.ts';
import { expectClose, expectInvariant, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { type Affine, affineRows, IDENTITY, inverted, mirroring, translation } from '../core/affine.ts';
import { turned } from '../warpImages/warpImages.reference.ts';
import { fusionReference } from './fuseViews.reference.ts';
import { fuseViews } from './fuseViews.ts';
import { FUSIONS, type FusedViews, type Fusion } from './fusion.ts';
import { info } from './info.ts';

const rows = (maps: readonly Affine[]): tf.Tensor2D => tf.tensor2d(affineRows(maps), [maps.length, 6]);

interface FusionCase {
  readonly name: string;
  readonly shape: readonly [rows: number, height: number, width: number, classes: number];
  readonly views: number;
  readonly maps: readonly Affine[];
}
const fusionCases: readonly FusionCase[] = [
  { name: 'one view', shape: [2, 3, 5, 19], views: 1, maps: [IDENTITY, IDENTITY] },
  {
    name: 'mirrored and moved',
    shape: [6, 5, 7, 19],
    views: 3,
    maps: [IDENTITY, IDENTITY, mirroring(7), mirroring(7), translation(4, -4), translation(-4, 4)],
  },
  { name: 'turned', shape: [3, 9, 6, 3], views: 3, maps: [IDENTITY, turned(3, 4), inverted(turned(3, 4))] },
  { name: 'seen by none', shape: [1, 2, 3, 3], views: 1, maps: [translation(1, 0)] },
];

/** Far enough apart for float32 to decide as float64 does. */
const spread = (array: NdArray): NdArray => mapped(array, (value) => 4 * value);

async function fused(logits: NdArray, views: number, maps: readonly Affine[], fusion: Fusion, thresholds: number[]) {
  const before = tf.memory().numTensors;
  const result = tf.tidy(() => {
    const { ...parts }: FusedViews = fuseViews(
      toTensor(logits),
      { views, toView: rows(maps), thresholds: tf.tensor1d(thresholds) },
      fusion,
    );
    return { ...parts };
  });
  const read = async (x: tf.Tensor): Promise<number[]> => [...(await readValues(x))];
  const values = {
    labels: await read(result.labels),
    classes: await read(result.classes),
    confidence: await read(result.confidence),
    view: await read(result.view),
    agreeing: await read(result.agreeing),
  };
  tf.dispose(result);
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

describe.each(FUSIONS)('fuseViews, %s', (fusion) => {
  it.each(fusionCases)('$name: what the definition gives', async ({ name, shape, views, maps }) => {
    const logits = spread(randomArray(`fusion ${name}`, shape));
    const thresholds = Array.from({ length: shape[3] }, (_, c) => 0.3 + 0.02 * c);
    const expected = fusionReference(logits, maps, views, fusion);
    const got = await fused(logits, views, maps, fusion, thresholds);
    expectClose(got.confidence, expected.confidence, 'loss');
    expect(got.classes).toEqual(expected.classes);
    expect(got.view).toEqual(expected.view);
    expect(got.agreeing).toEqual(expected.agreeing);
    const kept = expected.classes.map((c, p) =>
      expected.agreeing[p]! > 0 && expected.confidence[p]! >= thresholds[c]! ? c : 255,
    );
    expect(got.labels).toEqual(kept);
  });

  it('of identical views is the single view', async () => {
    const one = spread(randomArray('identical', [1, 4, 5, 19]));
    const three: NdArray = { shape: [3, 4, 5, 19], data: Float64Array.from([...one.data, ...one.data, ...one.data]) };
    const thresholds = new Array<number>(19).fill(0.4);
    const single = await fused(one, 1, [IDENTITY], fusion, thresholds);
    const fusedThree = await fused(three, 3, [IDENTITY, IDENTITY, IDENTITY], fusion, thresholds);
    expect(fusedThree.classes).toEqual(single.classes);
    expectClose(fusedThree.confidence, single.confidence, 'elementwise');
    if (fusion === 'max') expect(fusedThree.confidence).toEqual(single.confidence);
  });
});

describe('fuseViews', () => {
  it('keeps fewer pixels the higher the threshold, and the argmax whatever the temperature, with more confidence below 1', async () => {
    const logits = randomArray('temperature', [2, 6, 7, 19], [-3, 3]);
    const maps = [IDENTITY, mirroring(7)];
    const at = (temperature: number, threshold: number) =>
      fused(
        mapped(logits, (value) => value / temperature),
        2,
        maps,
        'max',
        new Array<number>(19).fill(threshold),
      );
    const single = (temperature: number) =>
      fused(
        { shape: [1, 12, 7, 19], data: logits.data.map((value) => value / temperature) },
        1,
        [IDENTITY],
        'max',
        new Array<number>(19).fill(0),
      );
    const kept: { labels: number[] }[] = [];
    for (const threshold of [0, 0.2, 0.4, 0.6, 0.8, 1]) kept.push(await at(1, threshold));
    const counts = kept.map(({ labels }) => labels.filter((label) => label !== 255).length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0]).toBe(42);
    expect(counts[2]).toBeLessThan(42);
    expect(counts[5]).toBe(0);
    const [plain, sharp] = [await at(1, 0), await at(0.5, 0)];
    expect((await single(0.5)).classes).toEqual((await single(1)).classes);
    sharp.confidence.forEach((value, i) => {
      expect(value).toBeGreaterThan(plain.confidence[i]!);
    });
  });

  it('refuses no view, and views that do not divide', () => {
    const maps = { toView: rows([IDENTITY, IDENTITY, IDENTITY]), thresholds: tf.zeros([4]) as tf.Tensor1D };
    for (const views of [0, 2]) {
      expectInvariant(() => fuseViews(tf.zeros([3, 2, 2, 4]), { ...maps, views }, 'max'));
    }
    tf.dispose([maps.toView, maps.thresholds]);
  });
});

itCosts(info, [[4, 5, 6, 3], [4, 6], [3]], ([logits, toView, thresholds]) =>
  fuseViews(logits, { views: 2, toView, thresholds }, 'max'),
);
