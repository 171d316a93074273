import { describe, expect, it } from 'vitest';
import type { RgbImage, Size } from '../../domain/dataset.ts';
import { RandomStream } from '../../domain/rng.ts';
import { colourStatistics, transferColours } from './colourTransfer.ts';
import { adaptAmplitudes, lowSpectrum } from './fourierAdaptation.ts';
import { PAIR_TRANSLATORS, pairTranslator, toBytes } from './pairTranslators.ts';

/** Colours around `base`, with gentle waves and noise, far from black and white. */
function picture(seed: number, width: number, height: number, base: readonly number[]): RgbImage {
  const random = new RandomStream(seed, 'picture');
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return base[i % 3]! + 12 * Math.sin(x / 3 + seed) + 8 * Math.cos(y / 2) + random.uniform(-10, 10);
  });
  return { width, height, data: pixels };
}
const source = picture(1, 15, 10, [90, 140, 100]);
const target = picture(2, 15, 10, [150, 120, 80]);
/** The discrete Fourier transform of one colour at (u, v), by its definition, over the number of pixels. */
function coefficient(values: ArrayLike<number>, { width, height }: Size, colour: number, u: number, v: number) {
  let [re, im] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const angle = -2 * Math.PI * ((u * x) / width + (v * y) / height);
      const value = values[(y * width + x) * 3 + colour]!;
      re += (value * Math.cos(angle)) / (width * height);
      im += (value * Math.sin(angle)) / (width * height);
    }
  }
  return { amplitude: Math.hypot(re, im), phase: Math.atan2(im, re) };
}

describe('FDA', () => {
  it('is the identity at beta 0, and of an image with itself', () => {
    expect(adaptAmplitudes(source, target, 0)).toEqual(Float64Array.from(source.data));
    adaptAmplitudes(source, source, 0.4).forEach((value, i) => {
      expect(value).toBeCloseTo(source.data[i]!, 9);
    });
  });

  it.each([
    [0.05, 0],
    [0.2, 2],
    [0.45, 4],
  ])(
    'has at beta %s the amplitudes of the target up to %i waves, the source’s beyond, and its phases',
    (beta, band) => {
      const adapted = adaptAmplitudes(source, target, beta);
      for (const colour of [0, 1, 2]) {
        for (let u = -5; u <= 5; u++) {
          for (let v = -4; v <= 4; v++) {
            const [got, own, wanted] = [adapted, source.data, target.data].map((values) =>
              coefficient(values, source, colour, u, v),
            );
            const isInBand = Math.abs(u) <= band && Math.abs(v) <= band;
            expect(got!.amplitude, `${u} ${v}`).toBeCloseTo((isInBand ? wanted : own)!.amplitude, 9);
            expect(Math.cos(got!.phase - own!.phase)).toBeCloseTo(1, 9);
          }
        }
      }
    },
  );

  it('takes amplitudes of another size: those of a constant are its value, at every size', () => {
    const flat: RgbImage = { width: 7, height: 3, data: new Uint8Array(63).fill(77) };
    const adapted = adaptAmplitudes(source, flat, 0.05);
    expect(coefficient(adapted, source, 1, 0, 0).amplitude).toBeCloseTo(77, 9);
  });

  it('knows the spectrum of a wave', () => {
    const pixels = Uint8Array.from(
      { length: 8 * 4 * 3 },
      (_, i) => 100 + 50 * Math.round(Math.cos((Math.PI * Math.floor(i / 3)) / 2)),
    );
    const spectrum = lowSpectrum({ width: 8, height: 4, data: pixels }, 0, 2);
    const large = [...spectrum].flatMap((value, k) => (Math.abs(value) > 1e-9 ? [[k, Math.round(value)]] : []));
    // Two waves across: u = 2, v = 0 is pair 2 * 5 + 2; the mean is pair 2.
    expect(large).toEqual([
      [4, 100],
      [24, 25],
    ]);
  });
});

describe('colour transfer', () => {
  it('reaches the target’s mean and deviation in every channel', () => {
    const wanted = colourStatistics(target.data);
    const got = colourStatistics(transferColours(source, wanted));
    for (const c of [0, 1, 2]) {
      expect(got.mean[c]).toBeCloseTo(wanted.mean[c]!, 9);
      expect(got.deviation[c]).toBeCloseTo(wanted.deviation[c]!, 9);
    }
  });

  it('leaves an image with its own statistics as it is', () => {
    transferColours(source, colourStatistics(source.data)).forEach((value, i) => {
      expect(value).toBeCloseTo(source.data[i]!, 9);
    });
  });

  it('decorrelates: grey has lightness only, sqrt(3) times its logarithm', () => {
    // The published matrix gives the cones of white 0.9996, 0.9993 and 0.9973.
    const { mean, deviation } = colourStatistics(new Uint8Array(12).fill(99));
    expect(mean[0]).toBeCloseTo(Math.sqrt(3) * Math.log(100), 2);
    for (const value of [mean[1], mean[2], ...deviation]) expect(value).toBeCloseTo(0, 2);
  });

  it('gives a picture without contrast the mean of the target', () => {
    const flat: RgbImage = { width: 2, height: 2, data: new Uint8Array(12).fill(50) };
    const wanted = colourStatistics(target.data);
    const got = colourStatistics(transferColours(flat, wanted));
    for (const c of [0, 1, 2]) expect(got.mean[c]).toBeCloseTo(wanted.mean[c]!, 9);
  });
});

describe('toBytes', () => {
  it('rounds and holds within', () => {
    expect([...toBytes(Float64Array.of(-3, 0.4, 0.6, 254.7, 300))]).toEqual([0, 0, 1, 255, 255]);
  });
});

describe.each(PAIR_TRANSLATORS)('$info.id', ({ info, translate }) => {
  it('is found by its id, gives a picture of the source’s size nearer to the target’s colours, and refuses nonsense', () => {
    expect(pairTranslator(info.id).info).toBe(info);
    const bytes = translate(source, target, {});
    expect(bytes).toHaveLength(source.data.length);
    const distance = (pixels: Uint8Array): number =>
      [0, 1, 2].reduce((sum, c) => {
        const mean = (values: Uint8Array) => values.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0) / 150;
        return sum + Math.abs(mean(pixels) - mean(target.data));
      }, 0);
    expect(distance(bytes)).toBeLessThan(0.1 * distance(source.data));
    expect(() => translate(source, target, { nonsense: 1 })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
  });
});

describe('pairTranslator', () => {
  it('refuses what is not there', () => {
    expect(() => pairTranslator('nonsense')).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});
