// IDD (Varma et al. 2019): the ids of ..._gtFine_labelids.png, mapped by csTrainId of its own table.
import { codingOf, hexColours } from './core/coding.ts';

export const coding = codingOf({
  id: 'idd-ids',
  label: 'IDD ids',
  source: 'id and csTrainId in anue_labels.py of AutoNUE/public-code',
  count: 40,
  mapped: {
    0: 'road',
    3: 'sidewalk',
    5: 'terrain',
    6: 'person',
    8: 'rider',
    9: 'motorcycle',
    10: 'bicycle',
    12: 'car',
    13: 'truck',
    14: 'bus',
    17: 'train',
    20: 'wall',
    21: 'fence',
    24: 'traffic sign',
    25: 'traffic light',
    26: 'pole',
    29: 'building',
    32: 'vegetation',
    33: 'sky',
  },
  percent: {
    ...{ 0: 29, 1: 0.3, 2: 4, 3: 1.2, 5: 4, 6: 1, 7: 0.05, 8: 0.7, 9: 1, 10: 0.05, 11: 0.9, 12: 4, 13: 2.5, 14: 1 },
    ...{ 18: 0.2, 19: 1, 20: 2, 21: 1, 22: 0.2, 23: 1, 24: 0.3, 25: 0.05, 26: 1, 28: 0.8, 29: 11, 30: 0.6 },
    ...{ 32: 18, 33: 17, 34: 0.5, 35: 0.3, 36: 0.3, 39: 0.05 },
  },
  palette: hexColours(`
    804080 faaaa0 510051 f423e8 e6968c 98fb98 dc143c f6c691 ff0000 0000e6 770b20 ffcc36 00008e 000046 003c64 00005a 00006e
    005064 888f99 dcbe28 66669c be9999 b4a5b4 ae4043 dcdc00 faaa1e 999999 999999 a9bbd6 464646 966464 96785a 6b8e23 4682b4
    a9bbd6 000000 000000 000000 000000 00008e`),
  writes255: true,
});
