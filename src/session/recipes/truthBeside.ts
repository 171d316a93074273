// The truth of the target images that a stage was just given, for pictures alone: how right a teacher is can then be shown
// while it teaches. A twin of the stage's own stream draws the same images again, with their labels, when somebody looks;
// what trains reads through guardedTiles and cannot see it.
import { BatchStream, type BatchStreamState, type StreamOptions } from '../../data/feed/batcher.ts';
import { EpochSampler } from '../../data/feed/sampler.ts';
import type { TileSource } from '../../data/ports.ts';
import type { ViewSpec } from '../../domain/method.ts';
import type { StepView } from '../../domain/pictures.ts';

export const TRUTH_VIEW = {
  name: 'target_truth',
  label: 'Truth, not learnt from',
  kind: 'label',
  role: 'truth',
} as const satisfies ViewSpec;

export class TruthBeside {
  private readonly twin: BatchStream;
  private drawnFrom: BatchStreamState | null = null;

  /** `options` and `key`: those of the stream that it goes beside. */
  constructor(target: TileSource, key: string, options: StreamOptions) {
    const sampler = new EpochSampler({ seed: options.seed, key, count: () => target.info.splits.train.tiles });
    this.twin = new BatchStream(target, sampler, key, true, options);
  }

  /** Where the stream stood before its newest batch. */
  follow(state: BatchStreamState): void {
    this.drawnFrom = state;
  }

  /** The labels of that batch, mirrored as it is; null before there is one. */
  async view(): Promise<StepView | null> {
    if (this.drawnFrom === null) return null;
    this.twin.restore(this.drawnFrom);
    const { labels, count, size } = await this.twin.next();
    return labels === null ? null : { ...TRUTH_VIEW, count, size, values: labels };
  }
}
