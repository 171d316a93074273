// LoveDA (Wang et al. 2021): seven kinds of land cover seen from the air; 0 is no data.
import type { ClassSet } from '../../domain/classes.ts';
import { codingOf, hexColours } from './core/coding.ts';

const palette = hexColours('000000 ffffff ff0000 ffff00 0000ff 9f81b7 00ff00 ffc380');
const NAMES = ['background', 'building', 'road', 'water', 'barren', 'forest', 'agriculture'];
const classes: ClassSet = NAMES.map((name, index) => ({ name, rgb: palette[index + 1] ?? [0, 0, 0] }));

export const coding = codingOf({
  id: 'loveda',
  label: 'LoveDA',
  source: "LoveDA's class list (Wang et al. 2021), colours as MMSegmentation has them",
  classes,
  count: 8,
  mapped: Object.fromEntries(NAMES.map((name, index) => [index + 1, name])),
  percent: { 0: 2, 1: 42, 2: 11, 3: 7, 4: 8, 5: 6, 6: 10, 7: 14 },
  palette,
  carrier: 'both',
});
