// Discriminators of images that judge patches: a map of scores, raw (the loss makes of them what it wants). The authors'
// 70 x 70 PatchGAN (Isola et al. 2017), and the built-in recipe's, which looks at 26 x 26 pixels.
import { type Layer, sequence } from '../../nn/layers.ts';
import { ParameterScope, type ScopeOptions } from '../../nn/parameters.ts';
import { instanceNorm } from '../../ops/instanceNorm/instanceNorm.ts';
import { type Network, networkOf } from '../core/network.ts';
import { imageConvolution } from './layers.ts';

const COLOURS = 3;
const RECTIFIED = { activation: { leaky: 0.2 } } as const;

const normalised: Layer = (x) => instanceNorm(x, RECTIFIED);

/**
 * Five 4x4 convolutions, three of stride 2, instance normalisation but in the first and the last: [batch, height, width, 3]
 * to [batch, height / 8 - 2, width / 8 - 2, 1]. Sides from 24; 64 channels in the first layer ("ndf") in the paper.
 */
export function buildPatchGan(options: ScopeOptions, { id, width }: { id: string; width: number }): Network {
  const scope = new ParameterScope(options);
  const model = scope.child('model');
  const forward = sequence(
    imageConvolution(model.child(0), { from: COLOURS, to: width, stride: 2, ...PATCH, ...RECTIFIED }),
    imageConvolution(model.child(2), { from: width, to: 2 * width, stride: 2, ...PATCH }),
    normalised,
    imageConvolution(model.child(5), { from: 2 * width, to: 4 * width, stride: 2, ...PATCH }),
    normalised,
    imageConvolution(model.child(8), { from: 4 * width, to: 8 * width, ...PATCH }),
    normalised,
    imageConvolution(model.child(11), { from: 8 * width, to: 1, ...PATCH }),
  );
  return networkOf(id, scope, forward);
}

const PATCH = { kernel: 4, padding: 1, start: 'small' } as const;

/** Two 4x4 convolutions of stride 2, two 3x3, 12 and 24 channels: [batch, height, width, 3] to [batch, height / 4, width / 4, 1]. */
export function buildSmallPatchGan(options: ScopeOptions, { id }: { id: string }): Network {
  const scope = new ParameterScope(options);
  const parts = scope.child('f');
  const forward = sequence(
    imageConvolution(parts.child(0), { from: COLOURS, to: 12, ...HALVING, ...RECTIFIED }),
    imageConvolution(parts.child(2), { from: 12, to: 24, ...HALVING }),
    normalised,
    imageConvolution(parts.child(5), { from: 24, to: 24, ...KEEPING, ...RECTIFIED }),
    imageConvolution(parts.child(7), { from: 24, to: 1, ...KEEPING }),
  );
  return networkOf(id, scope, forward);
}

const HALVING = { kernel: 4, stride: 2, padding: 1, start: 'fan-in' } as const;
const KEEPING = { kernel: 3, padding: 1, start: 'fan-in' } as const;
