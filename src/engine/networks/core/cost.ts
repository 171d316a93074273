// What a network costs before anything of it is built: counted on a hollow copy, which has shapes and no arrays.
import type { Size } from '../../../domain/dataset.ts';
import type { ParamValues } from '../../../domain/params.ts';
import type { Layer } from '../../nn/layers.ts';
import { countWeights, type Parameter, type ScopeOptions } from '../../nn/parameters.ts';
import * as tf from '../../tf.ts';

interface Built {
  readonly parameters: readonly Parameter[];
  readonly forward: Layer;
  dispose(): void;
}
type Build = (options: ScopeOptions & { readonly params?: ParamValues }) => Built;

const hollow = (build: Build, params: ParamValues, rest: Pick<ScopeOptions, 'observe'> = {}): Built =>
  build({ seed: 0, start: 'none', params, ...rest });

/** Weights, also those it keeps fixed; no running statistics. */
export function parameterCount(build: Build, params: ParamValues = {}): number {
  const network = hollow(build, params);
  const count = countWeights(network.parameters);
  network.dispose();
  return count;
}

/** Multiply-adds times two of the convolutions of one forward pass over one image of `size`. */
export function forwardFlops(
  { build }: { readonly build: Build },
  { width, height }: Size,
  params: ParamValues = {},
): number {
  let flops = 0;
  const network = hollow(build, params, {
    observe: (cost) => {
      flops += cost.flops;
    },
  });
  tf.tidy(() => void network.forward(tf.zeros([1, height, width, 3]), 'evaluate'));
  network.dispose();
  return flops;
}
