// A teacher's labels of a pool: with a teacher that reads the class off the colour, so that every label is known beforehand.
import { describe, expect, it } from 'vitest';
import type { HostBatch } from '../../domain/dataset.ts';
import { emptySurvey, keepConfident, mergeSurveys, statisticsOf } from '../../domain/pseudoLabels.ts';
import { RandomStream } from '../../domain/rng.ts';
import { drawOperations } from '../augment/autoAugment/policies.ts';
import { memory } from '../backend/memory.ts';
import * as tf from '../tf.ts';
import { type PoolBatch, type PseudoLabelOptions, type PseudoLabelPart, pseudoLabel } from './pseudoLabel.ts';
import type { Predict } from './trainer.ts';

const size = { width: 12, height: 8 };
const PIXELS = size.width * size.height;
/** The red level of each class. */
const LEVELS = [-0.9, -0.3, 0.3, 0.9];

/** Class scores from the distance of red to each class's level; `sharpness` makes them surer. */
const colourReader =
  (sharpness: number): Predict =>
  (images) => {
    const red = tf.slice(images, [0, 0, 0, 0], [images.shape[0], images.shape[1], images.shape[2], 1]);
    return tf.mul(tf.square(tf.sub(red, tf.tensor1d(LEVELS))), -sharpness);
  };

/** Stripes of the four classes, not where a stripe of another picture is. */
function classesOf(id: number): Uint8Array {
  return Uint8Array.from({ length: PIXELS }, (_, k) => Math.floor(((k % size.width) + id) / 3) % LEVELS.length);
}

/** Its labels throw when they are read. */
function poolBatch(ids: readonly number[]): PoolBatch {
  const images = Uint8Array.from(
    ids.flatMap((id) =>
      [...classesOf(id)].flatMap((c) => {
        const red = Math.round((LEVELS[c]! + 1) * 127.5);
        return [red, (red * 7 + id) % 256, 30];
      }),
    ),
  );
  const batch: HostBatch = {
    size,
    count: ids.length,
    images,
    get labels(): Uint8Array {
      throw new Error('The labels of the pool were read.');
    },
  };
  return { batch, ids };
}

const options: PseudoLabelOptions = {
  seed: 5,
  round: 0,
  views: 3,
  policy: 'seg-safe',
  fusion: 'max',
  levels: new Uint8Array(19).fill(150),
  majority: false,
};

async function* poolOf(batches: readonly (readonly number[])[]): AsyncGenerator<PoolBatch> {
  for (const ids of batches) yield poolBatch(ids);
}
async function labelled(
  batches: readonly (readonly number[])[],
  given: Partial<PseudoLabelOptions> = {},
  sharpness = 8,
) {
  const before = memory().tensors;
  const parts: PseudoLabelPart[] = [];
  for await (const part of pseudoLabel(colourReader(sharpness), poolOf(batches), { ...options, ...given }))
    parts.push(part);
  expect(memory().tensors).toBe(before);
  return parts;
}
const joined = (parts: readonly PseudoLabelPart[], key: 'classes' | 'labels' | 'confidence'): number[] =>
  parts.flatMap((part) => [...part[key]]);

describe('pseudoLabel', () => {
  it('without views gives the teacher’s own decisions, in order, with their confidence', async () => {
    const parts = await labelled([[0, 1], [2]], { views: 0 });
    expect(parts.map(({ ids }) => ids)).toEqual([[0, 1], [2]]);
    expect(joined(parts, 'classes')).toEqual([0, 1, 2].flatMap((id) => [...classesOf(id)]));
    // At a class's own level: 1 / (1 + sum of exp(-8 d^2) over the other levels).
    const others = (c: number) => LEVELS.reduce((sum, level) => sum + Math.exp(-8 * (level - LEVELS[c]!) ** 2), 0);
    const [first] = classesOf(0);
    expect(Math.abs(parts[0]!.confidence[0]! - 255 / others(first!))).toBeLessThan(1.5);
  });

  it('drops what is unsure, and the stored bytes can be filtered again', async () => {
    const parts = await labelled([[0, 1]]);
    const [part] = parts;
    expect(part!.labels).toEqual(keepConfident(part!.classes, part!.confidence, options.levels));
    const kept = [...part!.labels].filter((label) => label !== 255).length;
    expect(kept).toBeGreaterThan(0);
    const all = await labelled([[0, 1]], { levels: new Uint8Array(19) });
    expect(joined(all, 'labels')).toEqual(joined(parts, 'classes'));
    const none = await labelled([[0, 1]], { levels: new Uint8Array(19).fill(255) }, 0.1);
    expect(new Set(joined(none, 'labels'))).toEqual(new Set([255]));
  });

  it('labels an image the same in whatever batch it comes, and anew in another round', async () => {
    const together = await labelled([[4, 7, 9]]);
    const apart = await labelled([[9], [7], [4]]);
    const bytes = (parts: readonly PseudoLabelPart[]) =>
      new Map(
        parts.flatMap(({ ids, confidence }) =>
          ids.map((id, i) => [id, [...confidence.slice(i * PIXELS, (i + 1) * PIXELS)]] as const),
        ),
      );
    expect(new Map([...bytes(apart)].sort(([a], [b]) => a - b))).toEqual(bytes(together));
    expect(bytes(await labelled([[4, 7, 9]], { round: 1 }))).not.toEqual(bytes(together));
  });

  it('is at least as sure with more views, and no less covering', async () => {
    const coverage = async (views: number) => {
      const parts = await labelled([[0, 1, 2]], { views });
      const survey = parts.reduce((sum, part) => mergeSurveys(sum, part.survey), emptySurvey(19));
      return { ...statisticsOf(survey, options.levels), confidence: joined(parts, 'confidence') };
    };
    const [one, four] = [await coverage(0), await coverage(3)];
    four.confidence.forEach((level, i) => {
      expect(level).toBeGreaterThanOrEqual(one.confidence[i]!);
    });
    expect(four.coverage).toBeGreaterThanOrEqual(one.coverage);
    expect(one.agreement).toBe(1);
  });

  it('brings geometric views back to the image before it compares', async () => {
    // Images whose one view is turned and nothing else, wide stripes, and only pixels that all views show.
    const isTurned = (id: number) => {
      const drawn = drawOperations('imagenet25', new RandomStream(5, 'pseudo-label', 0, id, 1));
      return drawn.length > 0 && drawn.every(({ name }) => name === 'rotate');
    };
    const ids = Array.from({ length: 400 }, (_, id) => id)
      .filter(isTurned)
      .slice(0, 4);
    expect(ids.length).toBe(4);
    const wide = { width: 48, height: 24 };
    const classAt = (k: number) => Math.floor((k % wide.width) / 12);
    const images = Uint8Array.from({ length: ids.length * wide.width * wide.height * 3 }, (_, k) =>
      k % 3 === 0 ? Math.round((LEVELS[classAt(k / 3)]! + 1) * 127.5) : 0,
    );
    const batch = { size: wide, count: ids.length, images, labels: null };
    async function* pool() {
      yield { batch, ids };
    }
    const run = { ...options, policy: 'imagenet25' as const, views: 1, fusion: 'mean' as const };
    for await (const { classes, confidence } of pseudoLabel(colourReader(40), pool(), run)) {
      const inside = [...classes.keys()].filter((k) => k % 12 >= 2 && k % 12 < 10);
      expect(inside.filter((k) => classes[k] !== classAt(k % (wide.width * wide.height)))).toEqual([]);
      // Two views that disagreed would share the probability.
      expect(inside.filter((k) => confidence[k]! < 200)).toEqual([]);
    }
  });

  it('asks for a majority where told to', async () => {
    const parts = await labelled([[0, 1, 2, 3]], { policy: 'imagenet18-color', views: 3 });
    const strict = await labelled([[0, 1, 2, 3]], { policy: 'imagenet18-color', views: 3, majority: true });
    const [loose, majority] = [joined(parts, 'confidence'), joined(strict, 'confidence')];
    expect(joined(strict, 'classes')).toEqual(joined(parts, 'classes'));
    const lost = majority.filter((level, i) => level !== loose[i]!);
    expect(lost.length).toBeGreaterThan(0);
    expect(new Set(lost)).toEqual(new Set([0]));
  });

  it('counts every pixel once', async () => {
    const parts = await labelled([[0, 1], [2]]);
    const survey = parts.reduce((sum, part) => mergeSurveys(sum, part.survey), emptySurvey(19));
    expect(survey.images).toBe(3);
    expect(survey.pixels).toBe(3 * PIXELS);
    expect(survey.levels.reduce((sum, count) => sum + count, 0)).toBe(3 * PIXELS);
    const [first] = parts;
    const c = first!.classes[5]!;
    expect(survey.levels[c * 256 + first!.confidence[5]!]).toBeGreaterThan(0);
  });

  it('leaves nothing behind when it is stopped early, or fails', async () => {
    const before = memory().tensors;
    for await (const { ids } of pseudoLabel(colourReader(8), poolOf([[0], [1], [2], [3]]), options)) {
      if (ids[0] === 1) break;
    }
    expect(memory().tensors).toBe(before);
    async function* failing(): AsyncGenerator<PoolBatch> {
      yield poolBatch([0]);
      throw new RangeError('The disk is gone.');
    }
    const run = async () => {
      for await (const part of pseudoLabel(colourReader(8), failing(), options)) void part;
    };
    await expect(run()).rejects.toThrow(RangeError);
    expect(memory().tensors).toBe(before);
  });
});
