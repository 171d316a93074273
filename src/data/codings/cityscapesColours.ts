// Cityscapes' colours: what gtFine/..._color.png holds. Polegroup looks like pole and GTA5's licence plate like car: they fall to the
// trained class, which is why numbers are read wherever the file has them.
import { labelIds } from './core/cityscapesTables.ts';
import { codingOf, type Rgb } from './core/coding.ts';

const STATIC_IN_GTA5: Rgb = [20, 20, 20];

export const coding = codingOf({
  id: 'cityscapes-colours',
  label: 'Cityscapes colours',
  source: "color in Cityscapes' labels.py",
  ...labelIds,
  count: 36,
  palette: [...labelIds.palette, STATIC_IN_GTA5],
  carrier: 'colours',
  standing: 'common',
});
