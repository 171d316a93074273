// The threshold's promise: counts equal a plain reference exactly, and the mask shows exactly what is counted.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES, IGNORE } from '../../../domain/classes.ts';
import { thresholdWord } from '../../stores/keptTally.ts';
import { classColours } from '../../ui/pixels.ts';
import { paintConfidence } from '../../ui/viridis.ts';
import { countKept, coverageOf, NO_COUNTS, paintPseudoLabels, precisionOf, REJECTED } from './paint.ts';

const image = fc
  .array(fc.tuple(fc.nat(18), fc.nat(65535), fc.oneof(fc.nat(18), fc.constant(IGNORE))), {
    minLength: 1,
    maxLength: 200,
  })
  .map((pixels) => ({
    classes: Uint8Array.from(pixels, ([predicted]) => predicted),
    confidence: Uint16Array.from(pixels, ([, confident]) => confident),
    truth: Uint8Array.from(pixels, ([, , label]) => label),
    pixels,
  }));
const tau = fc.nat(100).map((hundredths) => hundredths / 100);

test('counts equal a per-pixel reference for every threshold', () => {
  fc.assert(
    fc.property(image, tau, ({ classes, confidence, truth, pixels }, threshold) => {
      const kept = pixels.filter(([, confident]) => confident >= Math.floor(threshold * 65535));
      const evaluated = kept.filter(([, , label]) => label !== IGNORE);
      const correct = evaluated.filter(([predicted, , label]) => predicted === label);
      expect(countKept(classes, confidence, truth, threshold)).toEqual({
        pixels: pixels.length,
        kept: kept.length,
        evaluated: evaluated.length,
        correct: correct.length,
      });
    }),
  );
});

test('the mask rejects exactly the pixels that are not counted', () => {
  fc.assert(
    fc.property(image, tau, ({ classes, confidence, truth }, threshold) => {
      const out = new Uint32Array(classes.length);
      const colours = classColours(CITYSCAPES_CLASSES);
      paintPseudoLabels(classes, confidence, threshold, colours, out);
      const { kept } = countKept(classes, confidence, truth, threshold);
      expect(out.filter((pixel) => pixel !== REJECTED)).toHaveLength(kept);
      out.forEach((pixel, at) => {
        if (pixel !== REJECTED) expect(pixel).toBe(colours[classes[at] ?? IGNORE]);
      });
    }),
  );
});

test('a threshold of 0 keeps all and 1 keeps only full certainty', () => {
  const confidence = Uint16Array.of(0, 1, 65534, 65535);
  const classes = new Uint8Array(4);
  expect(thresholdWord(1)).toBe(65535);
  expect(countKept(classes, confidence, null, 0).kept).toBe(4);
  expect(countKept(classes, confidence, null, 1)).toEqual({ pixels: 4, kept: 1, evaluated: 0, correct: 0 });
});

test('shares without a base are not a number, never zero', () => {
  expect(coverageOf(NO_COUNTS)).toBeNaN();
  expect(precisionOf({ pixels: 4, kept: 4, evaluated: 0, correct: 0 })).toBeNaN();
});

test('confidence runs from the dark to the bright end of viridis', () => {
  const out = new Uint32Array(2);
  paintConfidence(Uint16Array.of(0, 65535), out);
  expect([...new Uint8Array(out.buffer)]).toEqual([68, 1, 84, 255, 253, 231, 37, 255]);
});

test('hidden and ignored classes are transparent', () => {
  const colours = classColours(CITYSCAPES_CLASSES, ['car']);
  expect(colours[13]).toBe(0);
  expect(colours[IGNORE]).toBe(0);
  expect(colours[0]).not.toBe(0);
});
