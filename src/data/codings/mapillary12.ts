// Mapillary Vistas 1.2 (Neuhold et al. 2017): 66 classes in palette files (`training/labels`). Lane
// markings and crosswalks lie on the road; street lights, sign frames, what shows of signs from behind, and ground beside the road are not Cityscapes' classes.
import { codingOf, hexColours, valuesByClass } from './core/coding.ts';

export const coding = codingOf({
  id: 'mapillary-1.2',
  label: 'Mapillary Vistas 1.2',
  source: "Vistas' config, as MMSegmentation lists it",
  count: 66,
  mapped: valuesByClass({
    fence: [3],
    wall: [6],
    road: [8, 13, 23, 24],
    sidewalk: [15],
    building: [17],
    person: [19],
    rider: [20, 21, 22],
    sky: [27],
    terrain: [29],
    vegetation: [30],
    pole: [45, 47],
    'traffic light': [48],
    'traffic sign': [50],
    bicycle: [52],
    bus: [54],
    car: [55],
    motorcycle: [57],
    train: [58],
    truck: [61],
  }),
  percent: {
    ...{ 2: 0.8, 3: 1.5, 4: 0.2, 5: 0.3, 6: 0.8, 7: 0.3, 8: 0.5, 9: 0.1, 10: 0.4, 11: 0.3, 12: 0.2, 13: 22 },
    ...{ 14: 0.5, 15: 3, 16: 0.7, 17: 13, 18: 0.2, 19: 0.3, 20: 0.1, 21: 0.05, 22: 0.01, 23: 0.5, 24: 1.5 },
    ...{ 25: 0.4, 26: 0.1, 27: 29, 28: 0.1, 29: 1.5, 30: 15, 31: 0.2, 32: 0.05, 35: 0.4, 44: 0.1, 45: 0.5 },
    ...{ 47: 0.3, 48: 0.25, 49: 0.05, 50: 0.25, 51: 0.05, 52: 0.15, 54: 0.4, 55: 3.5, 57: 0.1, 58: 0.05 },
    ...{ 59: 0.1, 60: 0.02, 61: 0.8, 62: 0.02, 63: 0.3, 64: 2, 65: 1.5 },
  },
  palette: hexColours(`
    a52a2a 00c000 c4c4c4 be9999 b4a5b4 5a7896 66669c 8040ff 8c8cc8 aaaaaa faaaa0 606060 e6968c 804080 6e6e6e f423e8
    966464 464646 96785a dc143c ff0000 ff0064 ff00c8 c88080 ffffff 40aa40 e6a032 4682b4 beffff 98fb98 6b8e23 00aa1e
    ffff80 fa001e 648cb4 dcdcdc dc8080 de2828 64aa1e 282828 212121 6480a0 8e0000 466496 d2aa64 999999 808080 000050
    faaa1e c0c0c0 dcdc00 8c8c14 770b20 9600ff 003c64 00008e 00005a 0000e6 005064 804040 00006e 000046 0000c0 202020
    780a0a 000000`),
  carrier: 'both',
});
