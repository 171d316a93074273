// Train ids: the 19 classes that are trained, 255 for the rest, as Cityscapes' scripts write them. BDD100K, ACDC, Dark Zurich and
// IDD's csTrainIds hold the same.
import { trainIds } from './core/cityscapesTables.ts';
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'train-ids',
  label: 'Train ids',
  source: "trainId in Cityscapes' labels.py",
  ...trainIds,
  count: 19,
  standing: 'common',
  writes255: true,
});
