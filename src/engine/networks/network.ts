// What the rest of the engine knows of a segmentation network.
import type { NetworkInfo } from '../../domain/run.ts';
import type { Layer } from '../nn/layers.ts';
import type { Parameter, ParameterScope, ScopeOptions } from '../nn/parameters.ts';

export interface Network {
  /** The id it was built under; weight files carry it. */
  readonly id: string;
  /** Under PyTorch's names, in order of creation. */
  readonly parameters: readonly Parameter[];
  /** Images in [-1, 1], [batch, height, width, 3], to class scores at the same resolution, [batch, height, width, 19]. */
  readonly forward: Layer;
  dispose(): void;
}

export interface NetworkEntry {
  readonly info: NetworkInfo;
  build(options: ScopeOptions): Network;
}

/** The network whose parameters `scope` collected. */
export function networkOf(id: string, scope: ParameterScope, forward: Layer): Network {
  const { parameters } = scope;
  return {
    id,
    parameters,
    forward,
    dispose: () => {
      for (const { variable } of parameters) variable.dispose();
    },
  };
}
