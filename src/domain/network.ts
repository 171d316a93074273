// What a segmentation network says about itself.
import type { ParamSpecs } from './params.ts';

export interface NetworkInfo {
  readonly id: string;
  /** Its name where it has none in the reader's language. */
  readonly label: string;
  /** Weights, also those it keeps fixed; of its defaults. */
  readonly parameters: number;
  /** Sides must be multiples of this. */
  readonly sizeMultiple: number;
  /** What can be chosen when it is built; absent: nothing. */
  readonly params?: ParamSpecs;
}
