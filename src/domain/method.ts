// What a training method says about itself.
import type { MetricSpec } from './metrics.ts';
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
  /** What it reports each step, in the order in which charts list it. */
  readonly metrics: readonly MetricSpec[];
  /** Pictures it can give of a step; none where absent. */
  readonly views?: readonly ViewSpec[];
}

/**
 * What a picture shows to whoever counts pixels, always a label. `decision`: what is decided about images of the stream
 * `target`, before any threshold. `kept`: what of that is learnt from, 255 elsewhere. `truth`: their true labels.
 */
export type ViewRole = 'decision' | 'kept' | 'truth';

/** What a picture of a step shows. `image`: RGB. `label`: a class index per pixel, 255 = none. `map`: a share from 0 to 1. */
export interface ViewSpec {
  readonly name: string;
  /** In English: what the studio shows where it has no text under `views.<name>`. */
  readonly label: string;
  readonly kind: 'image' | 'label' | 'map';
  /** At most one view of a method has a role. */
  readonly role?: ViewRole;
}
