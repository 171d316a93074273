// Cityscapes' colours: what gtFine/..._color.png holds.
import { cityscapesColours } from './core/cityscapesTables.ts';
import type { Coding } from './core/coding.ts';

export const coding: Coding = {
  id: 'cityscapes-colours',
  label: 'Cityscapes colours',
  source: "color in Cityscapes' labels.py",
  values: null,
  colours: cityscapesColours,
};
