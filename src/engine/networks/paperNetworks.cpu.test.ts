// The full-size networks: what they hold and what they cost. Shapes alone decide both, so that hollow copies are counted;
// that their arithmetic is right is the golden cases' to say.
import { afterEach, describe, expect, it } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import type { ParamValues } from '../../domain/params.ts';
import { countWeights, ParameterScope } from '../nn/parameters.ts';
import * as tf from '../tf.ts';
import { forwardFlops } from './core/cost.ts';
import type { Network } from './core/network.ts';
import { deepLabV2 } from './deepLabV2.ts';
import { networkEntry } from './registry.ts';

const open: Network[] = [];
afterEach(() => {
  for (const network of open.splice(0)) network.dispose();
});
function built(id: string, params: ParamValues = {}) {
  const network = networkEntry(id).build({ seed: 1, start: 'none', params });
  open.push(network);
  return network;
}
const weightsOf = (id: string, params?: ParamValues): number => countWeights(built(id, params).parameters);

/** Convolutions times two at 128 x 64, counted from the papers' tables: maps are 32 x 16 (33 x 17 for AdaptSegNet), then half. */
function flopsByTable(blocks: readonly number[], quarter: number, eighth: number): number {
  const half = 64 * 32;
  const bottleneck = (pixels: number, from: number, middle: number): number =>
    2 * pixels * (from * middle + 9 * middle * middle + 4 * middle * middle);
  const projection = (pixels: number, from: number, to: number): number => 2 * pixels * from * to;
  const stage = (count: number, pixels: number, from: number, middle: number): number =>
    bottleneck(pixels, from, middle) +
    projection(pixels, from, 4 * middle) +
    (count - 1) * bottleneck(pixels, 4 * middle, middle);
  const [first = 0, second = 0, third = 0, fourth = 0] = blocks;
  return (
    2 * half * 49 * 3 * 64 +
    stage(first, quarter, 64, 64) +
    stage(second, eighth, 256, 128) +
    stage(third, eighth, 512, 256) +
    stage(fourth, eighth, 1024, 512)
  );
}

describe('DeepLab v2', () => {
  it.each([
    // Trunk and heads as counted in PyTorch; ResNet-101 without its classifier has 42 500 160.
    ['deeplab-v2-r101', {}, 43_901_068],
    ['deeplab-v2-r101', { levels: 'multi' }, 44_601_560],
    ['deeplab-v2-r101', { aspp: 'first-two' }, 43_901_068],
    ['deeplab-v2-r50', {}, 24_908_940],
  ] as const)('%s %o has %d weights', (id, params, expected) => {
    expect(weightsOf(id, params)).toBe(expected);
  });

  it.each([
    [
      [1280, 720],
      [161, 91],
    ],
    [
      [640, 360],
      [81, 46],
    ],
    [
      [512, 512],
      [65, 65],
    ],
    [
      [320, 180],
      [41, 23],
    ],
    [
      [256, 128],
      [33, 17],
    ],
  ] as const)(
    'makes of %o a map of %o: an eighth, rounded as AdaptSegNet rounds',
    ([width, height], [columns, rows]) => {
      const scope = new ParameterScope({ seed: 1, start: 'none' });
      const { both } = deepLabV2(scope, {
        ...{ blocks: [1, 1, 1, 1], width: 4, strideIn: 'conv1', batchNorm: 'frozen', checkpoint: false },
        ...{ classes: 3, rates: [6, 12, 18, 24], summed: 4, multiLevel: true },
      });
      const [main, aux] = tf.tidy(() => {
        const scores = both!(tf.zeros([1, height, width, 3]), 'evaluate');
        return [scores.main.shape, scores.aux.shape];
      });
      tf.dispose(scope.parameters.map(({ variable }) => variable));
      expect(main).toEqual([1, rows, columns, 3]);
      expect(aux).toEqual(main);
    },
  );

  it('gives its scores at the size of the images, from one depth or from two', () => {
    const network = built('deeplab-v2-r50', { levels: 'multi', width: 4 });
    tf.tidy(() => {
      const images = tf.zeros([2, 19, 35, 3]) as tf.Tensor4D;
      const { main, aux } = network.forwardLevels!(images, 'evaluate');
      for (const scores of [main, aux, network.forward(images, 'evaluate')]) {
        expect(scores.shape).toEqual([2, 19, 35, CITYSCAPES_CLASSES.length]);
      }
    });
    expect(built('deeplab-v2-r50', { width: 4 }).forwardLevels).toBeUndefined();
  });

  it('trains scale and shift in mode `train` only, and no branch that is not summed', () => {
    const trained = (params: ParamValues): string[] =>
      built('deeplab-v2-r50', params).parameters.flatMap(({ name, trainable }) => (trainable ? [name] : []));
    const frozen = trained({ aspp: 'first-two' });
    expect(frozen.filter((name) => /bn\d|downsample\.1/.test(name))).toEqual([]);
    expect(frozen.filter((name) => name.startsWith('layer5.'))).toEqual(
      [0, 1].flatMap((i) => [`layer5.conv2d_list.${i}.weight`, `layer5.conv2d_list.${i}.bias`]),
    );
    expect(trained({ batchNorm: 'adaptsegnet', aspp: 'first-two' })).toEqual(frozen);
    // 53 convolutions in ResNet-50, each with a normalisation.
    expect(trained({ batchNorm: 'train', aspp: 'first-two' })).toHaveLength(frozen.length + 2 * 53);
  });

  it('tells its classifiers from the backbone', () => {
    const { parameters, isClassifier } = built('deeplab-v2-r101', { levels: 'multi' });
    const heads = parameters.filter(({ name }) => isClassifier!(name));
    // Four branches on 1024 and on 2048 channels.
    expect(countWeights(heads)).toBe(700_492 + 1_400_908);
  });
});

describe('torchvision’s networks', () => {
  it.each([
    // Counted in PyTorch for 19 classes: trunk 23 508 032, heads as named; the auxiliary one has 2 364 179.
    ['fcn-r50', {}, 23_508_032 + 9 * 2048 * 512 + 2 * 512 + 513 * 19],
    ['deeplab-v3-r50', { levels: 'multi' }, 23_508_032 + headOfV3() + (9 * 1024 * 256 + 2 * 256 + 257 * 19)],
  ] as const)('%s %o has %d weights', (id, params, expected) => {
    expect(weightsOf(id, params)).toBe(expected);
  });

  function headOfV3(): number {
    const normalised = (taps: number, from: number): number => taps * from * 256 + 2 * 256;
    const pyramid = 2 * normalised(1, 2048) + 3 * normalised(9, 2048) + normalised(1, 5 * 256);
    return pyramid + normalised(9, 256) + 257 * 19;
  }
});

describe('info', () => {
  const size = { width: 128, height: 64 };

  it.each([
    ['toy', 144_924, 18_948_096],
    ['lite', 64_291, 24_477_696],
    ['deeplab-v2-r50', 24_908_940, 7_815_315_456],
    ['deeplab-v2-r101', 43_901_068, 13_610_926_080],
    ['deeplab-v3-r50', 39_638_355, 10_224_599_040],
    ['fcn-r50', 32_955_987, 8_647_737_344],
  ])('of %s says what its defaults hold and cost', (id, parameters, flops) => {
    expect(networkEntry(id).info.parameters).toBe(parameters);
    expect(forwardFlops(networkEntry(id), size)).toBe(flops);
  });

  it('agrees with the tables of the papers', () => {
    const aspp = 4 * 2 * (17 * 9) * 9 * 2048 * CITYSCAPES_CLASSES.length;
    const cost = (id: string): number => forwardFlops(networkEntry(id), size);
    expect(cost('deeplab-v2-r101')).toBe(flopsByTable([3, 4, 23, 3], 33 * 17, 17 * 9) + aspp);
    expect(cost('deeplab-v2-r50')).toBe(flopsByTable([3, 4, 6, 3], 33 * 17, 17 * 9) + aspp);
  });

  it('is quick to build where only shapes matter', () => {
    const started = process.cpuUsage();
    built('deeplab-v2-r101', { levels: 'multi' });
    // Computing time: what else the machine does is not the network's. Drawing 44 million values takes some seconds.
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(1);
  });
});
