// Cityscapes' label ids and colours, which GTA5 shares, and how much of street pictures each class covers. They follow Cityscapes'
// labels.py (MIT); the shares are rough means of Cityscapes and GTA5.
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import type { Rgb } from './coding.ts';

/** Per cent of all pixels by train id; the rest is void. */
const PERCENT = [33, 7, 19, 1.4, 0.7, 1.1, 0.18, 0.3, 12, 1.8, 10, 0.8, 0.08, 5, 0.8, 0.3, 0.1, 0.06, 0.2];
const keyed = <Value>(entries: Iterable<readonly [number, Value]>): Readonly<Record<number, Value>> =>
  Object.fromEntries(entries);

export const trainIds = {
  mapped: keyed(CITYSCAPES_CLASSES.map(({ name, trainId }) => [trainId, name])),
  percent: { ...keyed(PERCENT.entries()), 255: 8 },
  palette: CITYSCAPES_CLASSES.map(({ rgb }) => rgb),
};

/** Ids that are not trained: their colour and share. Ids run to 33; GTA5 writes its licence plates as 34. */
const OTHER_IDS: Readonly<Record<number, readonly [rgb: Rgb, percent: number]>> = {
  0: [[0, 0, 0], 2], // unlabelled
  1: [[0, 0, 0], 3], // ego vehicle
  2: [[0, 0, 0], 0.8], // rectification border
  3: [[0, 0, 0], 0.8], // out of roi
  4: [[0, 0, 0], 1.3], // static
  5: [[111, 74, 0], 0.3], // dynamic
  6: [[81, 0, 81], 1.3], // ground
  9: [[250, 170, 160], 0.6], // parking
  10: [[230, 150, 140], 0.2], // rail track
  14: [[180, 165, 180], 0.1], // guard rail
  15: [[150, 100, 100], 0.3], // bridge
  16: [[150, 120, 90], 0.06], // tunnel
  18: [[153, 153, 153], 0.05], // polegroup: looks like pole
  29: [[0, 0, 90], 0.05], // caravan
  30: [[0, 0, 110], 0.05], // trailer
  34: [[0, 0, 142], 0.05], // licence plate: looks like car
};

export const labelIds = {
  count: 35,
  mapped: keyed(CITYSCAPES_CLASSES.map(({ name, labelId }) => [labelId, name])),
  percent: keyed([
    ...Object.entries(OTHER_IDS).map(([id, [, percent]]) => [Number(id), percent] as const),
    ...CITYSCAPES_CLASSES.map(({ labelId, trainId }) => [labelId, PERCENT[trainId] ?? 0] as const),
  ]),
  palette: Array.from(
    { length: 35 },
    (_, id): Rgb => CITYSCAPES_CLASSES.find(({ labelId }) => labelId === id)?.rgb ?? OTHER_IDS[id]?.[0] ?? [0, 0, 0],
  ),
};
