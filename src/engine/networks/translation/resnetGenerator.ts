// CycleGAN's generator (Zhu et al. 2017, after Johnson et al. 2016): down to a quarter, residual blocks, up again, every
// convolution followed by instance normalisation without scale and shift. Names are those of the authors' PyTorch module.
import { type Layer, sequence } from '../../nn/layers.ts';
import { ParameterScope, type ScopeOptions } from '../../nn/parameters.ts';
import { tanh } from '../../ops/activations/activations.ts';
import { instanceNorm } from '../../ops/instanceNorm/instanceNorm.ts';
import { networkOf } from '../core/network.ts';
import type { Generator } from './generator.ts';
import { doubling, imageConvolution } from './layers.ts';

const COLOURS = 3;

export interface ResnetGenerator {
  readonly id: string;
  /** Channels at full resolution ("ngf"): 64 in the paper. */
  readonly width: number;
  /** Residual blocks at a quarter: 9 in the paper, 6 for images of 128 pixels. */
  readonly blocks: number;
}

/** Images in [-1, 1] with sides that are multiples of 4 (at least 8) to images in (-1, 1). Takes no noise. */
export function buildResnetGenerator(options: ScopeOptions, { id, width, blocks }: ResnetGenerator): Generator {
  const scope = new ParameterScope(options);
  const model = scope.child('model');
  const middle = 4 * width;
  // Places in the authors' nn.Sequential: padding, norms and activations count, too.
  const afterBlocks = 10 + blocks;
  const layers = sequence(
    imageConvolution(model.child(1), { from: COLOURS, to: width, ...WIDE }),
    normalised,
    imageConvolution(model.child(4), { from: width, to: 2 * width, ...HALVING }),
    normalised,
    imageConvolution(model.child(7), { from: 2 * width, to: middle, ...HALVING }),
    normalised,
    ...Array.from({ length: blocks }, (_, i) => residual(model.child(10 + i).child('conv_block'), middle)),
    doubling(model.child(afterBlocks), { from: middle, to: 2 * width }),
    normalised,
    doubling(model.child(afterBlocks + 3), { from: 2 * width, to: width }),
    normalised,
    imageConvolution(model.child(afterBlocks + 7), { from: width, to: COLOURS, ...WIDE }),
  );
  const forward: Layer = (x, phase) => tanh(layers(x, phase));
  return { ...networkOf(id, scope, forward), noiseChannels: 0 };
}

const WIDE = { kernel: 7, padding: 3, padMode: 'reflect', start: 'small' } as const;
const HALVING = { kernel: 3, stride: 2, padding: 1, start: 'small' } as const;
const IN_BLOCK = { kernel: 3, padding: 1, padMode: 'reflect', start: 'small' } as const;

const normalised: Layer = (x) => instanceNorm(x, { activation: 'relu' });

function residual(scope: ParameterScope, channels: number): Layer {
  const branch = sequence(
    imageConvolution(scope.child(1), { from: channels, to: channels, ...IN_BLOCK }),
    normalised,
    imageConvolution(scope.child(5), { from: channels, to: channels, ...IN_BLOCK }),
  );
  return (x, phase) => instanceNorm(branch(x, phase), { residual: x });
}
