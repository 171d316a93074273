// IDD (Varma et al. 2019): its 26 classes of level 3 (..._labellevel3Ids.png). What level 3 merges with something that Cityscapes does
// not train (rail track with other ground, caravan with train) is ignored, but for animals, which are few, among persons.
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'idd-level3',
  label: 'IDD, level 3',
  source: 'level3Id and csTrainId in anue_labels.py of AutoNUE/public-code',
  count: 26,
  mapped: {
    0: 'road',
    2: 'sidewalk',
    4: 'person',
    5: 'rider',
    6: 'motorcycle',
    7: 'bicycle',
    9: 'car',
    10: 'truck',
    11: 'bus',
    14: 'wall',
    15: 'fence',
    18: 'traffic sign',
    19: 'traffic light',
    20: 'pole',
    22: 'building',
    24: 'vegetation',
    25: 'sky',
  },
  percent: {
    ...{ 0: 29, 1: 4, 2: 1.2, 3: 4, 4: 1, 5: 0.7, 6: 1, 7: 0.05, 8: 0.9, 9: 4, 10: 2.5, 11: 1, 12: 0.3, 13: 1, 14: 2 },
    ...{ 15: 1, 16: 0.2, 17: 1, 18: 0.3, 19: 0.05, 20: 1, 21: 0.8, 22: 11, 23: 0.6, 24: 18, 25: 17, 255: 0.8 },
  },
  writes255: true,
});
