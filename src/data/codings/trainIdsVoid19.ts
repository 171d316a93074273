// Train ids with the void class written as a twentieth, 19: what tools write that count the void class among the others.
import { trainIds } from './core/cityscapesTables.ts';
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'train-ids-void19',
  label: 'Train ids, void is 19',
  source: "trainId in Cityscapes' labels.py, with 19 for what is not evaluated",
  ...trainIds,
  percent: { ...trainIds.percent, 19: 8, 255: 1 },
  count: 20,
  standing: 'common',
  writes255: true,
});
