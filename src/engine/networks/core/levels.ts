// A backbone with one classifier, or with two: the auxiliary one on the third stage. What DeepLab v2, v3 and FCN share.
import type { Layer, Phase } from '../../nn/layers.ts';
import type { ResNet } from '../../nn/resNet.ts';
import { resizeBilinear } from '../../ops/resizeBilinear/resizeBilinear.ts';
import type * as tf from '../../tf.ts';
import type { NetworkParts } from './network.ts';

/** Class scores at the backbone's resolution. */
export interface Levels {
  readonly main: Layer;
  /** Both scores in one pass; absent where there is one classifier. */
  readonly both?: (x: tf.Tensor4D, phase: Phase) => { readonly main: tf.Tensor4D; readonly aux: tf.Tensor4D };
}

export function levelsOf({ stem, stages, main, aux }: ResNet & { main: Layer; aux?: Layer }): Levels {
  const [layer1, layer2, layer3, layer4] = stages;
  const toThird: Layer = (x, phase) => [stem, layer1, layer2, layer3].reduce((value, layer) => layer(value, phase), x);
  return {
    main: (x, phase) => main(layer4(toThird(x, phase), phase), phase),
    ...(aux === undefined
      ? {}
      : {
          both: (x, phase) => {
            const third = toThird(x, phase);
            return { main: main(layer4(third, phase), phase), aux: aux(third, phase) };
          },
        }),
  };
}

/** The levels as a network: its own image range before them, and scores at the resolution of the images. */
export function upsampled(
  { main, both }: Levels,
  prepare: Layer,
  corners: { readonly alignCorners: boolean },
): NetworkParts {
  const up = (scores: tf.Tensor4D, { shape: [, height, width] }: tf.Tensor4D): tf.Tensor4D =>
    resizeBilinear(scores, [height, width], corners);
  return {
    forward: (images, phase) => up(main(prepare(images, phase), phase), images),
    ...(both === undefined
      ? {}
      : {
          forwardLevels: (images, phase) => {
            const scores = both(prepare(images, phase), phase);
            return { main: up(scores.main, images), aux: up(scores.aux, images) };
          },
        }),
  };
}
