// What a training method says about itself.
import type { ParamSpecs } from './params.ts';

/** What comes out of a method: a network that labels pixels, or one that gives source images the target's look. */
export type ProductKind = 'segmenter' | 'translator';

/** What a method says about itself; crosses the bridge, so it holds no functions. */
export interface MethodInfo {
  readonly id: string;
  readonly produces: ProductKind;
  /** The paper it comes from. */
  readonly citation: string;
  readonly needs: {
    readonly sourceLabels: boolean;
    readonly targetImages: boolean;
    /** Needs N > 0 labelled target images. */
    readonly targetLabels: boolean;
    /** Needs target images that a teacher has labelled. */
    readonly pseudoLabels?: boolean;
  };
  readonly params: ParamSpecs;
  /** Metrics it reports each step, under `train/`. */
  readonly losses: readonly string[];
  /** Pictures it can give of a step; none where absent. */
  readonly views?: readonly ViewInfo[];
}

/** What a picture of a step shows. `image`: RGB. `label`: a train id per pixel, 255 = none. `map`: a share from 0 to 1. */
export interface ViewInfo {
  readonly name: string;
  readonly kind: 'image' | 'label' | 'map';
}
