// Geometric views of images against a float64 reference.

import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import { type Affine, affineRows, IDENTITY, mirroring, translation } from '../core/affine.ts';
import { info } from './info.ts';
import { turned, warpReference } from './warpImages.reference.ts';
import { warpImages } from './warpImages.ts';

const rows = (maps: readonly Affine[]): tf.Tensor2D => tf.tensor2d(affineRows(maps), [maps.length, 6]);

const warpCases: { name: string; shape: [number, number, number, number]; maps: Affine[] }[] = [
  { name: 'identity', shape: [1, 3, 4, 3], maps: [IDENTITY] },
  { name: 'mirrors and moves', shape: [2, 5, 7, 3], maps: [mirroring(7), translation(2, -1), IDENTITY, mirroring(7)] },
  { name: 'far outside', shape: [1, 2, 3, 1], maps: [translation(9, -9)] },
  { name: 'turned', shape: [2, 6, 5, 19], maps: [turned(2.5, 3), turned(0, 0)] },
  { name: 'one pixel', shape: [1, 1, 1, 3], maps: [turned(1, 1)] },
];

describeOp<'images'>({
  name: 'warpImages',
  tolerance: 'elementwise',
  differentiable: [],
  cases: warpCases.map(({ name, shape, maps }) => ({
    name,
    inputs: { images: shape },
    run: ({ images }) => warpImages(images as tf.Tensor4D, rows(maps)),
    reference: ({ images }) => warpReference(images, maps),
  })),
  refuses: {
    'views that are no multiple of the images': () => warpImages(tf.zeros([2, 3, 3, 1]), rows([IDENTITY])),
    'maps that are not affine': () => warpImages(tf.zeros([1, 3, 3, 1]), tf.zeros([1, 4])),
  },
});

itCosts(
  info,
  [
    [2, 5, 6, 4],
    [4, 6],
  ],
  ([images, toImage]) => warpImages(images, toImage),
);
