// Materials of the scenes at both ends of the style gap. A variant is one material seen in both styles, so an object
// keeps its identity while the slider moves: only its colour travels.
import type { RandomStream } from '../../domain/rng.ts';
import { lerp } from './exactMath.ts';
import type { Rgb } from './paint.ts';

interface Material {
  /** Standard deviation of the brightness, 0..255; channels vary by 0.4 of it on top. */
  readonly jitter: number;
  /** [source, target at style gap 1] per variant. */
  readonly variants: readonly (readonly [Rgb, Rgb])[];
}

const MATERIALS = {
  road: {
    jitter: 8,
    variants: [
      [
        [100, 96, 104],
        [92, 92, 90],
      ],
    ],
  },
  marking: {
    jitter: 8,
    variants: [
      [
        [235, 225, 140],
        [196, 196, 192],
      ],
    ],
  },
  sidewalk: {
    jitter: 9,
    variants: [
      [
        [186, 172, 150],
        [128, 122, 120],
      ],
      [
        [176, 164, 158],
        [118, 114, 116],
      ],
    ],
  },
  curb: {
    jitter: 8,
    variants: [
      [
        [205, 195, 180],
        [140, 136, 132],
      ],
    ],
  },
  terrain: {
    jitter: 12,
    variants: [
      [
        [150, 170, 70],
        [104, 104, 62],
      ],
      [
        [176, 150, 86],
        [96, 104, 58],
      ],
    ],
  },
  vegetation: {
    jitter: 12,
    variants: [
      [
        [60, 150, 48],
        [62, 76, 40],
      ],
      [
        [84, 168, 56],
        [74, 84, 48],
      ],
      [
        [44, 128, 56],
        [48, 62, 38],
      ],
    ],
  },
  trunk: {
    jitter: 8,
    variants: [
      [
        [120, 84, 50],
        [70, 60, 50],
      ],
    ],
  },
  building: {
    jitter: 12,
    variants: [
      [
        [224, 190, 150],
        [140, 118, 98],
      ],
      [
        [200, 120, 96],
        [124, 92, 80],
      ],
      [
        [236, 226, 206],
        [158, 148, 132],
      ],
      [
        [150, 170, 190],
        [112, 112, 114],
      ],
      [
        [216, 200, 120],
        [150, 132, 92],
      ],
      [
        [178, 150, 190],
        [98, 92, 96],
      ],
    ],
  },
  window: {
    jitter: 12,
    variants: [
      [
        [90, 140, 190],
        [58, 62, 68],
      ],
    ],
  },
  roof: {
    jitter: 10,
    variants: [
      [
        [150, 70, 60],
        [92, 70, 62],
      ],
    ],
  },
  wall: {
    jitter: 10,
    variants: [
      [
        [190, 150, 130],
        [120, 110, 104],
      ],
      [
        [210, 200, 190],
        [132, 128, 120],
      ],
    ],
  },
  fence: {
    jitter: 12,
    variants: [
      [
        [140, 100, 64],
        [96, 92, 86],
      ],
      [
        [220, 216, 210],
        [110, 104, 100],
      ],
    ],
  },
  pole: {
    jitter: 8,
    variants: [
      [
        [120, 124, 130],
        [84, 86, 86],
      ],
      [
        [90, 100, 96],
        [104, 104, 102],
      ],
    ],
  },
  lightBox: {
    jitter: 5,
    variants: [
      [
        [50, 52, 40],
        [40, 42, 40],
      ],
    ],
  },
  sign: {
    jitter: 8,
    variants: [
      [
        [40, 160, 90],
        [60, 90, 150],
      ],
      [
        [235, 200, 40],
        [190, 176, 80],
      ],
      [
        [220, 50, 50],
        [160, 66, 62],
      ],
      [
        [240, 240, 240],
        [186, 186, 184],
      ],
    ],
  },
  skin: {
    jitter: 10,
    variants: [
      [
        [236, 190, 150],
        [176, 142, 124],
      ],
    ],
  },
  clothes: {
    jitter: 14,
    variants: [
      [
        [210, 50, 60],
        [80, 60, 64],
      ],
      [
        [50, 90, 210],
        [56, 62, 84],
      ],
      [
        [240, 210, 60],
        [120, 108, 90],
      ],
      [
        [60, 180, 140],
        [64, 74, 70],
      ],
      [
        [240, 240, 240],
        [140, 138, 138],
      ],
      [
        [110, 60, 160],
        [44, 44, 50],
      ],
    ],
  },
  trousers: {
    jitter: 10,
    variants: [
      [
        [50, 60, 110],
        [48, 50, 60],
      ],
      [
        [90, 80, 70],
        [62, 58, 54],
      ],
    ],
  },
  car: {
    jitter: 10,
    variants: [
      [
        [214, 40, 40],
        [60, 62, 66],
      ],
      [
        [40, 80, 200],
        [44, 56, 82],
      ],
      [
        [240, 240, 240],
        [176, 178, 178],
      ],
      [
        [40, 170, 90],
        [96, 98, 98],
      ],
      [
        [250, 180, 30],
        [128, 126, 124],
      ],
      [
        [60, 60, 66],
        [34, 36, 38],
      ],
      [
        [180, 190, 200],
        [142, 146, 148],
      ],
      [
        [160, 60, 170],
        [110, 48, 46],
      ],
    ],
  },
  glass: {
    jitter: 8,
    variants: [
      [
        [120, 180, 220],
        [66, 74, 80],
      ],
    ],
  },
  tyre: {
    jitter: 4,
    variants: [
      [
        [36, 36, 38],
        [34, 34, 34],
      ],
    ],
  },
  tailLight: {
    jitter: 8,
    variants: [
      [
        [255, 50, 40],
        [170, 50, 46],
      ],
    ],
  },
  truck: {
    jitter: 10,
    variants: [
      [
        [240, 236, 228],
        [168, 168, 164],
      ],
      [
        [244, 150, 40],
        [112, 122, 138],
      ],
      [
        [60, 140, 200],
        [140, 130, 112],
      ],
      [
        [190, 60, 50],
        [92, 100, 92],
      ],
    ],
  },
  bus: {
    jitter: 10,
    variants: [
      [
        [250, 200, 30],
        [168, 60, 52],
      ],
      [
        [60, 120, 220],
        [180, 162, 72],
      ],
      [
        [240, 240, 240],
        [172, 172, 168],
      ],
    ],
  },
  train: {
    jitter: 10,
    variants: [
      [
        [196, 204, 214],
        [176, 158, 84],
      ],
      [
        [40, 150, 170],
        [150, 62, 56],
      ],
      [
        [220, 70, 110],
        [160, 162, 158],
      ],
    ],
  },
  motorcycle: {
    jitter: 10,
    variants: [
      [
        [200, 40, 40],
        [58, 52, 52],
      ],
      [
        [40, 60, 180],
        [44, 48, 60],
      ],
      [
        [40, 40, 44],
        [40, 40, 40],
      ],
    ],
  },
  bicycle: {
    jitter: 10,
    variants: [
      [
        [220, 60, 60],
        [70, 66, 64],
      ],
      [
        [40, 160, 200],
        [56, 62, 70],
      ],
      [
        [240, 220, 60],
        [90, 88, 84],
      ],
    ],
  },
  skyTop: {
    jitter: 8,
    variants: [
      [
        [58, 128, 226],
        [150, 162, 170],
      ],
      [
        [70, 150, 236],
        [178, 182, 182],
      ],
    ],
  },
  skyLow: {
    jitter: 6,
    variants: [
      [
        [176, 214, 246],
        [196, 202, 202],
      ],
      [
        [196, 222, 240],
        [208, 208, 204],
      ],
    ],
  },
  cloud: {
    jitter: 4,
    variants: [
      [
        [250, 250, 252],
        [206, 208, 208],
      ],
    ],
  },
  hill: {
    jitter: 10,
    variants: [
      [
        [110, 150, 120],
        [104, 112, 106],
      ],
    ],
  },
} as const satisfies Record<string, Material>;

export type MaterialName = keyof typeof MATERIALS;

export class Palette {
  readonly styleGap: number;

  constructor(styleGap: number) {
    this.styleGap = styleGap;
  }

  /** Draws a variant and its jitter from `stream`: always the same number of draws, whatever the gap. */
  colour(name: MaterialName, stream: RandomStream): Rgb {
    const { jitter, variants }: Material = MATERIALS[name];
    const variant = variants[stream.integer(variants.length)] ?? variants[0];
    const brightness = stream.normal() * jitter;
    const channel = (source = 0, target = 0) =>
      Math.max(0, lerp(source, target, this.styleGap) + brightness + stream.normal() * jitter * 0.4);
    return [
      channel(variant?.[0][0], variant?.[1][0]),
      channel(variant?.[0][1], variant?.[1][1]),
      channel(variant?.[0][2], variant?.[1][2]),
    ];
  }

  /** A fixed colour that loses `fade` of its brightness over the gap: lamps, number plates, chrome. */
  fixed(colour: Rgb, fade = 0.25): Rgb {
    const factor = 1 - fade * this.styleGap;
    return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
  }
}
