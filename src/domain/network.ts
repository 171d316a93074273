// What a segmentation network says about itself.
import type { ParamSpecs } from './params.ts';

export interface NetworkInfo {
  readonly id: string;
  /** Weights, also those it keeps fixed; of its defaults, as the cost below. */
  readonly parameters: number;
  /** Sides must be multiples of this. */
  readonly sizeMultiple: number;
  /** Multiply-adds times two of one forward pass at 128 x 64. */
  readonly flopsAt128x64: number;
  /** What can be chosen when it is built; absent: nothing. */
  readonly params?: ParamSpecs;
}
