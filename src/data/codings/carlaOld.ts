// CARLA's semantic tags up to 0.9.13, in the red channel of what its camera saves raw. Vehicles of all kinds are one tag, most of them
// cars; riders are pedestrians.
import { codingOf, hexColours } from './core/coding.ts';

export const coding = codingOf({
  id: 'carla-old',
  label: 'CARLA tags, up to 0.9.13',
  source: 'Semantic segmentation camera and CityScapesPalette.h of CARLA 0.9.13',
  channel: 'red',
  count: 23,
  mapped: {
    1: 'building',
    2: 'fence',
    4: 'person',
    5: 'pole',
    6: 'road',
    7: 'road',
    8: 'sidewalk',
    9: 'vegetation',
    10: 'car',
    11: 'wall',
    12: 'traffic sign',
    13: 'sky',
    18: 'traffic light',
    22: 'terrain',
  },
  percent: {
    ...{ 0: 8, 1: 15, 2: 2, 3: 1, 4: 0.5, 5: 1.5, 6: 1.5, 7: 27, 8: 8, 9: 14, 10: 5, 11: 2, 12: 0.3, 13: 10, 14: 1 },
    ...{ 15: 0.3, 16: 0.2, 17: 0.3, 18: 0.3, 19: 1, 20: 0.3, 21: 0.5, 22: 4 },
  },
  palette: hexColours(`
    000000 464646 642828 375a50 dc143c 999999 9dea32 804080 f423e8 6b8e23 00008e 66669c dcdc00 4682b4 510051 966464 e6968c
    b4a5b4 faaa1e 6ebea0 aa7832 2d3c96 91aa64`),
});
