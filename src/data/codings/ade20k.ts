// ADE20K's 150 classes of the scene parsing benchmark (Zhou et al. 2017), 0 for anything else. Few are Cityscapes': "grass" and "earth"
// are not its terrain, "plant" and "palm" stand in rooms, and streetlights are no poles; such are ignored.
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'ade20k',
  label: 'ADE20K, 150 classes',
  source: 'objectInfo150 of the scene parsing benchmark (order as in MMSegmentation, counted from 1)',
  count: 151,
  mapped: {
    2: 'building',
    3: 'sky',
    5: 'vegetation',
    7: 'road',
    12: 'sidewalk',
    13: 'person',
    21: 'car',
    33: 'fence',
    49: 'building', // skyscraper
    81: 'bus',
    84: 'truck',
    94: 'pole',
    117: 'motorcycle',
    128: 'bicycle',
    137: 'traffic light',
  },
  percent: {
    ...{
      0: 7,
      1: 15.8,
      2: 11.5,
      3: 8.8,
      4: 6.2,
      5: 4.8,
      6: 4.5,
      7: 4,
      8: 2.3,
      9: 2,
      10: 1.9,
      11: 1.8,
      12: 1.7,
      13: 1.6,
    },
    ...{ 14: 1.5, 15: 1.2, 16: 1.1, 17: 1.1, 18: 1, 19: 1, 20: 1, 21: 1, 22: 0.8, 23: 0.7, 24: 0.7, 25: 0.6, 26: 0.6 },
    ...{ 27: 0.6, 28: 0.5, 29: 0.5, 30: 0.5, 31: 0.4, 32: 0.4, 33: 0.4, 34: 0.3, 35: 0.3, 49: 0.2, 81: 0.1, 84: 0.1 },
  },
});
