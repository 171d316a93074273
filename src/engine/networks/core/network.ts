// What the rest of the engine knows of a segmentation network.

import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import type { Size } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { NetworkInfo } from '../../../domain/network.ts';
import { type ParamSpecs, type ParamValues, resolveParams, type ValuesOf } from '../../../domain/params.ts';
import type { Layer, Phase } from '../../nn/layers.ts';
import { type Parameter, ParameterScope, type ScopeOptions } from '../../nn/parameters.ts';
import type * as tf from '../../tf.ts';
import { parameterCount } from './cost.ts';

/** Class scores at the resolution of the images, [batch, height, width, classes], from two depths. */
export interface LevelScores {
  /** What `forward` gives. */
  readonly main: tf.Tensor4D;
  /** The auxiliary classifier's, from the third stage. */
  readonly aux: tf.Tensor4D;
}

export interface Network {
  /** The id it was built under; weight files carry it. */
  readonly id: string;
  /** What was chosen when it was built; weight files carry it, too. */
  readonly params: ParamValues;
  /** Under PyTorch's names, in order of creation. */
  readonly parameters: readonly Parameter[];
  /** Images in [-1, 1], [batch, height, width, 3], to class scores at the same resolution, [batch, height, width, classes]. */
  readonly forward: Layer;
  /** Only where the network has two classifiers: both scores in one pass. `forward` reaches no weight of the second. */
  readonly forwardLevels?: (images: tf.Tensor4D, phase: Phase) => LevelScores;
  /**
   * Whether a parameter belongs to a classifier, which no pretrained file brings and DeepLab trains at ten times the rate of
   * the rest. Absent: the network makes no difference.
   */
  readonly isClassifier?: (parameterName: string) => boolean;
  dispose(): void;
}

export interface BuildOptions extends ScopeOptions {
  /** How many classes it scores; Cityscapes' 19 where absent. */
  readonly classes?: number;
  /** Of the specs in the network's info; defaults where absent. */
  readonly params?: ParamValues;
}

export interface NetworkEntry {
  readonly info: NetworkInfo;
  /** Throws `config.invalid` for a parameter that its spec does not accept. */
  build(options: BuildOptions): Network;
}

/** What a definition gives beside the parameters, which its scope collects. */
export type NetworkParts = Pick<Network, 'forward' | 'forwardLevels' | 'isClassifier'>;

export interface NetworkDefinition<Specs extends ParamSpecs> {
  /** Its parameters are counted, not declared. */
  readonly info: Omit<NetworkInfo, 'parameters' | 'params'> & { readonly params?: Specs };
  /** `classes`: how many its classifiers score. */
  build(scope: ParameterScope, params: ValuesOf<Specs>, classes: number): Layer | NetworkParts;
}

/** A network with what can be chosen about it, its types sealed inside. */
export function defineNetwork<Specs extends ParamSpecs>(definition: NetworkDefinition<Specs>): NetworkEntry {
  const { info } = definition;
  const build: NetworkEntry['build'] = ({ params: given = {}, classes = CITYSCAPES_CLASSES.length, ...options }) => {
    // Without specs there is nothing to choose, and any choice is refused.
    const params = resolveParams(info.params ?? ({} as Specs), given);
    const scope = new ParameterScope(options);
    return networkOf(info.id, scope, definition.build(scope, params, classes), params as ParamValues);
  };
  let counted: number | null = null;
  return {
    info: {
      ...info,
      // When first asked for: counting wants TensorFlow.js to be ready.
      get parameters() {
        counted ??= parameterCount(build);
        return counted;
      },
    },
    build,
  };
}

/** The network whose parameters `scope` collected. */
export function networkOf(
  id: string,
  scope: ParameterScope,
  parts: Layer | NetworkParts,
  params: ParamValues = {},
): Network {
  const { parameters } = scope;
  return {
    id,
    params,
    parameters,
    ...(typeof parts === 'function' ? { forward: parts } : parts),
    dispose: () => {
      for (const { variable } of parameters) variable.dispose();
    },
  };
}

/** Throws `config.invalid` for a size of images that the network does not take. */
export function refuseWrongSize({ id, sizeMultiple }: NetworkInfo, { width, height }: Size): void {
  if (width % sizeMultiple === 0 && height % sizeMultiple === 0) return;
  throw new StudioError(
    'config.invalid',
    `${id} takes sides that are multiples of ${sizeMultiple}, not ${width} x ${height}.`,
    'Choose another size or another network.',
    { network: id, width, height, sizeMultiple },
  );
}
