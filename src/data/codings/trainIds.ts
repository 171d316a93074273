// Train ids: the 19 classes that are trained, 255 for the rest, as Cityscapes' scripts write them.
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import { type Coding, valueTable } from './core/coding.ts';

export const coding: Coding = {
  id: 'train-ids',
  label: 'Train ids',
  source: "trainId in Cityscapes' labels.py",
  values: valueTable(CITYSCAPES_CLASSES.map(({ trainId }) => [trainId, trainId])),
  colours: null,
};
