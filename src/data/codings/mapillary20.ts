// Mapillary Vistas 2.0 (Neuhold et al. 2017): 124 classes in palette files (`training/v2.0/labels`). Lane
// markings and crosswalks lie on the road; street lights, sign frames, what shows of signs from behind, and ground beside the road are not Cityscapes' classes.
import { codingOf, hexColours, valuesByClass } from './core/coding.ts';

export const coding = codingOf({
  id: 'mapillary-2.0',
  label: 'Mapillary Vistas 2.0',
  source: "Vistas' config, as MMSegmentation lists it",
  count: 124,
  mapped: valuesByClass({
    fence: [5],
    wall: [12],
    road: [14, 21, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54],
    sidewalk: [24],
    building: [27],
    person: [30],
    rider: [32, 33, 34],
    sky: [61],
    terrain: [63],
    vegetation: [64],
    pole: [85, 88],
    'traffic light': [90, 91, 92, 93, 94, 95],
    'traffic sign': [99, 100, 101, 103],
    bicycle: [105],
    bus: [107],
    car: [108],
    motorcycle: [110],
    train: [111],
    truck: [114],
  }),
  percent: {
    ...{ 4: 0.8, 5: 1.5, 6: 0.2, 7: 0.3, 8: 0.1, 12: 0.8, 13: 0.3, 14: 0.5, 15: 0.1, 16: 0.2, 17: 0.4 },
    ...{ 19: 0.3, 20: 0.2, 21: 22, 22: 0.5, 23: 0.5, 24: 3, 25: 0.2, 26: 0.7, 27: 13, 29: 0.2, 30: 0.3, 32: 0.1 },
    ...{ 33: 0.05, 34: 0.01, 35: 0.5, 36: 0.5, 37: 0.05, 38: 0.05, 39: 0.05, 40: 0.05, 41: 0.05, 42: 0.05 },
    ...{ 43: 0.05, 44: 0.05, 45: 0.5, 46: 0.05, 47: 0.05, 48: 0.05, 49: 0.05, 50: 0.05, 51: 0.05, 52: 0.05 },
    ...{ 53: 0.05, 54: 0.05, 59: 0.4, 60: 0.1, 61: 29, 62: 0.1, 63: 1.5, 64: 15, 65: 0.2, 66: 0.05, 84: 0.1 },
    ...{ 85: 0.5, 88: 0.3, 90: 0.02, 91: 0.03, 92: 0.15, 93: 0.05, 94: 0.01, 95: 0.01, 97: 0.05, 99: 0.1 },
    ...{ 100: 0.25, 101: 0.02, 103: 0.02, 104: 0.05, 105: 0.15, 107: 0.4, 108: 3.5, 110: 0.1, 111: 0.05 },
    ...{ 112: 0.1, 113: 0.02, 114: 0.8, 116: 0.02, 118: 0.3, 119: 0.05, 120: 2, 121: 0.3, 122: 0.3, 123: 1.5 },
  },
  palette: hexColours(`
    a52a2a 00c000 faaa1f faaa20 c4c4c4 be9999 b4a5b4 5a7896 faaa21 faaa22 808080 faaa23 66669c 8040ff 8c8cc8 aaaaaa
    faaa24 faaaa0 faaa25 606060 e6968c 804080 6e6e6e 6e6e6e f423e8 80c480 966464 464646 969696 96785a dc143c dc143c
    ff0000 ff0064 ff00c8 ffffff ffffff faaa1d faaa1c faaa1a faaa19 faaa18 faaa16 faaa15 faaa14 ffffff faaa13 faaa12
    faaa0c faaa0b ffffff ffffff faaa10 faaa0f faaa0f ffffff ffffff ffffff ffffff 40aa40 e6a032 4682b4 beffff 98fb98
    6b8e23 00aa1e ffff80 fa001e 648cb4 dc8080 de2828 64aa1e 282828 212121 6480a0 1414ff 8e0000 466496 faab1e faac1e
    faad1e faae1e faaf1e fab01e d2aa64 999999 999999 808080 000050 d23c3c faaa1e faaa1e faaa1e faaa1e faaa1e faaa1e
    c0c0c0 c0c0c0 c0c0c0 dcdc00 dcdc00 0000c4 c0c0c0 dcdc00 8c8c14 770b20 9600ff 003c64 00008e 00005a 0000e6 005064
    804040 00006e 000046 00008e 0000c0 aaaaaa 202020 6f4a00 780a0a 510051 6f6f00 000000`),
  carrier: 'both',
});
