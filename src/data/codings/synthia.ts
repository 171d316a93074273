// SYNTHIA-RAND-CITYSCAPES (Ros et al. 2016): 16-bit RGB, the class in the red channel, object numbers in the others. Its terrain, truck
// and train do not occur in the published files.
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'synthia',
  label: 'SYNTHIA',
  source: "SYNTHIA's class list, as AdaptSegNet, ADVENT and DAFormer map it to Cityscapes' train ids",
  channel: 'red',
  depth: 16,
  count: 23,
  mapped: {
    1: 'sky',
    2: 'building',
    3: 'road',
    4: 'sidewalk',
    5: 'fence',
    6: 'vegetation',
    7: 'pole',
    8: 'car',
    9: 'traffic sign',
    10: 'person',
    11: 'bicycle',
    12: 'motorcycle',
    15: 'traffic light',
    16: 'terrain',
    17: 'rider',
    18: 'truck',
    19: 'bus',
    20: 'train',
    21: 'wall',
  },
  percent: {
    ...{ 0: 2, 1: 7, 2: 29, 3: 19, 4: 19, 5: 0.3, 6: 10, 7: 1, 8: 4, 9: 0.1, 10: 4, 11: 0.2 },
    ...{ 12: 0.2, 13: 0.2, 15: 0.05, 17: 0.5, 19: 1.5, 21: 0.3, 22: 0.5 },
  },
});
