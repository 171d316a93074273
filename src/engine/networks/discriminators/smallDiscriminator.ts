// The output-space discriminator of the built-in recipe: for probability maps that were pooled to a quarter of the image.
// Layers are named as in the recipe's PyTorch module (`f.0`, `f.2`, ...; the odd places are activations).
import { convolution, sequence } from '../../nn/layers.ts';
import { ParameterScope, type ScopeOptions } from '../../nn/parameters.ts';
import { type Network, networkOf } from '../core/network.ts';

const HALVING = { kernel: 4, stride: 2, padding: 1, bias: true, activation: { leaky: 0.2 } } as const;
const CHANNELS = [16, 32, 64] as const;
/** Sides below this vanish before the last layer. */
export const SMALL_DISCRIMINATOR_SIDE = 8;

/** [batch, height, width, from] to one score per patch, [batch, height / 8, width / 8, 1], rounded down. */
export function buildSmallDiscriminator(options: ScopeOptions, { from }: { from: number }): Network {
  const scope = new ParameterScope(options);
  const part = (place: number): ParameterScope => scope.child('f').child(place);
  const hidden = CHANNELS.map((to, i) => convolution(part(2 * i), { from: CHANNELS[i - 1] ?? from, to, ...HALVING }));
  const classify = convolution(part(2 * CHANNELS.length), { from: CHANNELS[2], to: 1, kernel: 3, bias: true });
  return networkOf('small-discriminator', scope, sequence(...hidden, classify));
}
