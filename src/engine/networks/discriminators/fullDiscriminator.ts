// The output-space discriminator of AdaptSegNet (Tsai et al. 2018), "FCDiscriminator": five 4x4 convolutions of stride 2.
// Sees maps of class probabilities at the resolution of the images; each answer looks at 94 x 94 pixels.
import { convolution, sequence } from '../../nn/layers.ts';
import { ParameterScope, type ScopeOptions } from '../../nn/parameters.ts';
import { type Network, networkOf } from '../core/network.ts';

const RECTIFIED = { activation: { leaky: 0.2 } } as const;
/** Sides below this vanish before the last layer. */
export const FULL_DISCRIMINATOR_SIDE = 32;

/** [batch, height, width, from] to one score per patch, [batch, height / 32, width / 32, 1], rounded down; `width` channels in the first layer, 64 in the paper. */
export function buildFullDiscriminator(
  options: ScopeOptions,
  { from, width }: { from: number; width: number },
): Network {
  const scope = new ParameterScope(options);
  const channels = [from, width, 2 * width, 4 * width, 8 * width];
  const hidden = channels
    .slice(1)
    .map((to, i) =>
      convolution(scope.child(`conv${i + 1}`), { from: channels[i] ?? from, to, ...HALVING, ...RECTIFIED }),
    );
  const classify = convolution(scope.child('classifier'), { from: 8 * width, to: 1, ...HALVING });
  return networkOf('fc-discriminator', scope, sequence(...hidden, classify));
}

const HALVING = { kernel: 4, stride: 2, padding: 1, bias: true } as const;
