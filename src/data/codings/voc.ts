// Pascal VOC (Everingham et al.): 0 is background, 1 to 20 are objects, 255 their outline. The palette is its colour map, which many
// annotation tools use for classes of any kind: it alone proves nothing.
import { codingOf } from './core/coding.ts';
import { vocColour } from './core/vocColours.ts';

export const coding = codingOf({
  id: 'voc',
  label: 'Pascal VOC',
  source: 'The class list and colour map of the VOC development kit',
  count: 21,
  mapped: { 2: 'bicycle', 6: 'bus', 7: 'car', 14: 'motorcycle', 15: 'person', 19: 'train' },
  percent: {
    ...{ 0: 69, 1: 0.7, 2: 0.3, 3: 0.8, 4: 0.6, 5: 0.6, 6: 1.6, 7: 1.3, 8: 2.4, 9: 1, 10: 0.8, 11: 1.2, 12: 1.5 },
    ...{ 13: 0.8, 14: 1, 15: 4.5, 16: 0.6, 17: 0.8, 18: 1.3, 19: 1.4, 20: 0.8, 255: 5.5 },
  },
  palette: Array.from({ length: 21 }, (_, value) => vocColour(value)),
  isToolPalette: true,
  carrier: 'both',
  writes255: true,
});
