// Generators that see a few pixels around each and nothing else: they change colour, contrast, blur and grain, but no object.
// One that sees more paints façades into the sky where the domains differ in layout, and the labels no longer fit it.
import type { Layer } from '../../nn/layers.ts';
import { ParameterScope, type ScopeOptions } from '../../nn/parameters.ts';
import { addClipped } from '../../ops/addClipped/addClipped.ts';
import { networkOf } from '../core/network.ts';
import type { Generator } from './generator.ts';
import { imageConvolution } from './layers.ts';

const COLOURS = 3;
const NOISES = 1;
const RECTIFIED = { leaky: 0.2 } as const;
/** How far a translated value may leave [-1, 1]: a clipped one would have no gradient. */
const LIMIT = 1.2;

export interface LocalGenerator {
  readonly id: string;
  readonly hidden: number;
  /** Side of the second layer's kernel: each pixel sees 2 + this many pixels. */
  readonly kernel: 1 | 3;
}

/**
 * x + r(x, noise), r of three layers with `hidden` channels between: a 3x3 convolution, one of `kernel`, and 1x1 to colours,
 * which begins near 0. Parts `p`, `q`, `r`, as the built-in recipe names them.
 */
export function buildLocalGenerator(options: ScopeOptions, { id, hidden, kernel }: LocalGenerator): Generator {
  const scope = new ParameterScope(options);
  const look = imageConvolution(scope.child('p'), {
    from: COLOURS + NOISES,
    to: hidden,
    kernel: 3,
    padding: 1,
    activation: RECTIFIED,
    start: 'fan-in',
  });
  const think = imageConvolution(scope.child('q'), {
    from: hidden,
    to: hidden,
    kernel,
    padding: (kernel - 1) / 2,
    activation: RECTIFIED,
    start: 'fan-in',
  });
  const paint = imageConvolution(scope.child('r'), { from: hidden, to: COLOURS, kernel: 1, start: 'small' });
  const forward: Layer = (x, phase) => addClipped(x, paint(think(look(x, phase), phase), phase), LIMIT);
  return { ...networkOf(id, scope, forward), noiseChannels: NOISES };
}
