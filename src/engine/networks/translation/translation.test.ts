import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../domain/rng.ts';
import { readAll } from '../../backend/readback.ts';
import { countWeights, type ScopeOptions } from '../../nn/parameters.ts';
import * as tf from '../../tf.ts';
import type { Network } from '../core/network.ts';
import { type Generator, generate } from './generator.ts';
import { buildPatchGan } from './patchGan.ts';
import { buildResnetGenerator } from './resnetGenerator.ts';
import { TRANSLATION_SIZES, translationSize } from './sizes.ts';

const SHAPES_ONLY: ScopeOptions = { seed: 0, start: 'zeros' };
const weightsOf = (network: Network): number => {
  const count = countWeights(network.parameters);
  network.dispose();
  return count;
};
function noise(shape: [number, number, number, number]): tf.Tensor4D {
  const random = new RandomStream(5, 'images');
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
  );
}
async function valuesOf(compute: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(compute);
  const [values] = await readAll([result]);
  result.dispose();
  return values!;
}

describe('the sizes of style transfer', () => {
  it('have the parameters of the recipe and of the authors', () => {
    const { buildGenerator, buildDiscriminator } = translationSize('toy');
    expect(weightsOf(buildGenerator(SHAPES_ONLY))).toBe(915);
    expect(weightsOf(buildDiscriminator(SHAPES_ONLY))).toBe(10_645);
    expect(weightsOf(translationSize('medium').buildGenerator(SHAPES_ONLY))).toBe(1_965_059);
    expect(weightsOf(translationSize('paper').buildGenerator(SHAPES_ONLY))).toBe(11_378_179);
    expect(weightsOf(buildResnetGenerator(SHAPES_ONLY, { id: 'r6', width: 64, blocks: 6 }))).toBe(7_837_699);
    expect(weightsOf(translationSize('paper').buildDiscriminator(SHAPES_ONLY))).toBe(2_764_737);
  });

  it('cost what the recipe says, at 128 x 64', () => {
    let flops = 0;
    const options = { ...SHAPES_ONLY, observe: (cost: { flops: number }) => (flops += cost.flops) };
    const costOf = (build: (options: ScopeOptions) => Network, channels: number): string => {
      flops = 0;
      const network = build(options);
      tf.tidy(() => void network.forward(tf.zeros([1, 64, 128, channels]), 'evaluate'));
      network.dispose();
      return (flops / 1e6).toFixed(1);
    };
    expect(costOf(translationSize('toy').buildGenerator, 4)).toBe('14.4');
    expect(costOf(translationSize('toy').buildDiscriminator, 3)).toBe('12.6');
  });

  it('judge as many patches as the authors: 14 x 14 of 128 pixels, 30 x 62 of 256 x 512', () => {
    const discriminator = buildPatchGan(SHAPES_ONLY, { id: 'discriminator', width: 1 });
    const mapOf = (height: number, width: number): readonly number[] =>
      tf.tidy(() => discriminator.forward(tf.zeros([1, height, width, 3]), 'evaluate').shape);
    expect(mapOf(128, 128)).toEqual([1, 14, 14, 1]);
    expect(mapOf(256, 512)).toEqual([1, 30, 62, 1]);
    discriminator.dispose();
  });
});

// The authors' networks are the same code in two widths; the narrow one stands for both.
const narrow = (options: ScopeOptions): Generator =>
  buildResnetGenerator(options, { id: 'narrow', width: 2, blocks: 2 });
const GENERATORS = [
  ...TRANSLATION_SIZES.filter((size) => size === 'toy' || size === 'lite').map(
    (size) => [size, translationSize(size).buildGenerator] as const,
  ),
  ['narrow', narrow] as const,
];

describe.each(GENERATORS)('the generator %s', (_, build) => {
  it('keeps the size, stays near [-1, 1], treats each image as if it were alone, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const generator = build({ seed: 3 });
    const images = noise([2, 12, 20, 3]);
    const both = await valuesOf(() => generate(generator, images, tf.tensor1d([4, 5])));
    const second = await valuesOf(() =>
      generate(generator, tf.slice(images, [1, 0, 0, 0], [1, 12, 20, 3]), tf.tensor1d([5])),
    );
    expect(both).toHaveLength(images.size);
    expect(Math.max(...both.map(Math.abs))).toBeLessThanOrEqual(1.2001);
    second.forEach((value, i) => {
      expect(value).toBeCloseTo(both[images.size / 2 + i]!, 5);
    });
    images.dispose();
    generator.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each([
  ['toy', 1],
  ['lite', 2],
] as const)('the generator %s', (size, reach) => {
  it(`begins near the identity and sees ${reach} pixels around each, no more`, async () => {
    const generator = translationSize(size).buildGenerator({ seed: 3 });
    const [height, width] = [9, 11];
    const images = noise([1, height, width, 3]);
    const spot = tf.tidy(() =>
      tf.pad(tf.fill<tf.Rank.R4>([1, 1, 1, 3], 0.5), [
        [0, 0],
        [4, 4],
        [5, 5],
        [0, 0],
      ]),
    );
    const outcome = (x: tf.Tensor4D) => valuesOf(() => generate(generator, x, tf.tensor1d([1])));
    const [plain, touched] = [await outcome(images), await outcome(tf.add(images, spot))];
    const [values] = await readAll([images]);
    expect(plain.every((value, i) => Math.abs(value - values![i]!) < 0.15)).toBe(true);
    const changed = Array.from({ length: height * width }, (_, pixel) => pixel).filter((pixel) =>
      [0, 1, 2].some((c) => plain[3 * pixel + c] !== touched[3 * pixel + c]),
    );
    const distance = (pixel: number): number =>
      Math.max(Math.abs(Math.floor(pixel / width) - 4), Math.abs((pixel % width) - 5));
    expect(Math.max(...changed.map(distance))).toBe(reach);
    tf.dispose([images, spot]);
    generator.dispose();
  });

  it('takes its grain from the key', async () => {
    const generator = translationSize(size).buildGenerator({ seed: 3 });
    const images = tf.zeros<tf.Rank.R4>([3, 4, 4, 3]);
    const values = await valuesOf(() => generate(generator, images, tf.tensor1d([7, 7, 8])));
    const [first, same, other] = [0, 1, 2].map((i) => [...values.slice(48 * i, 48 * (i + 1))]);
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
    images.dispose();
    generator.dispose();
  });
});
