// CamVid's eleven classes in SegNet's order: sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist, void.
// Bicyclist merges rider and bicycle, which Cityscapes keeps apart: it is ignored. The palette is
// SegNet's. Its low numbers, the most frequent classes first, are what lists of other classes begin with, too: without a name they are asked about.
import { codingOf, hexColours } from './core/coding.ts';

export const coding = codingOf({
  id: 'camvid-11',
  label: 'CamVid, 11 classes',
  source: 'SegNet (Badrinarayanan et al. 2017)',
  count: 12,
  mapped: {
    0: 'sky',
    1: 'building',
    2: 'pole',
    3: 'road',
    4: 'sidewalk',
    5: 'vegetation',
    6: 'traffic sign',
    7: 'fence',
    8: 'car',
    9: 'person',
  },
  percent: { 0: 16, 1: 23, 2: 1, 3: 29, 4: 7, 5: 11, 6: 1.1, 7: 1.3, 8: 6, 9: 0.7, 10: 0.5, 11: 3.4 },
  palette: hexColours('808080 800000 c0c080 804080 3c28de 808000 c08080 404080 400080 404000 0080c0 000000'),
  standing: 'asked',
});
