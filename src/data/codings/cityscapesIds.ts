// Cityscapes' label ids: what gtFine/..._labelIds.png holds.
import { cityscapesColours, labelIds } from './core/cityscapesTables.ts';
import type { Coding } from './core/coding.ts';

export const coding: Coding = {
  id: 'cityscapes-ids',
  label: 'Cityscapes label ids',
  source: "id in Cityscapes' labels.py",
  values: labelIds,
  colours: cityscapesColours,
};
