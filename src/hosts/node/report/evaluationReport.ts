// What is told of weights that were scored on a folder.
import type { Size } from '../../../domain/dataset.ts';
import type { scoresToJson } from './report.ts';
import type { ScoredAt } from './scoreTable.ts';

export interface EvaluationReport extends ReturnType<typeof scoresToJson> {
  readonly weights: string;
  readonly target: string;
  /** At which the network ran. */
  readonly size: Size;
  /** Null where the weights do not say. */
  readonly trainedSize: Size | null;
  readonly scoredAt: ScoredAt;
  /** Of the labels that were scored; absent at the size of tiles. */
  readonly labelSizes?: readonly Size[];
  readonly images: number;
  readonly confusion: readonly number[];
}
