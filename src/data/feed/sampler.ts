// Which training tiles come next: every epoch a fresh seeded permutation, drawn from (seed, key, epoch) alone, so
// that a few numbers are the whole state and a resumed run sees exactly what an uninterrupted one would.
import { invariant } from '../../domain/errors.ts';
import { RandomStream, type StreamKey } from '../../domain/rng.ts';

/** Plain data. `count` is the population of the epoch under way: a growing dataset is taken up at the next epoch. */
export interface SamplerState {
  readonly epoch: number;
  readonly position: number;
  readonly count: number;
  /** The restriction, which stays as it was even if the dataset has grown and would now be divided otherwise. */
  readonly subset: readonly number[] | null;
}

export interface SamplerOptions {
  readonly seed: number;
  /** Keeps streams of one run apart. */
  readonly key: StreamKey;
  /** Tiles to sample from; asked at the beginning of each epoch. */
  readonly count: () => number;
  /** Restricts sampling to these indices; then `count` is not asked. */
  readonly subset?: readonly number[];
}

/** Draws indices without replacement, epoch after epoch. */
export class EpochSampler {
  private readonly options: SamplerOptions;
  private epoch = -1;
  private position = 0;
  private subset: readonly number[] | null;
  private order: Uint32Array = new Uint32Array(0);

  constructor(options: SamplerOptions) {
    this.options = options;
    this.subset = options.subset ?? null;
  }

  /** The next `n` indices; they run on into the next epoch. The population must not be empty. */
  next(n: number): number[] {
    return Array.from({ length: n }, () => {
      if (this.position >= this.order.length) this.begin(this.epoch + 1, this.population());
      const drawn = this.order[this.position++] ?? 0;
      return this.subset === null ? drawn : (this.subset[drawn] ?? 0);
    });
  }

  state(): SamplerState {
    return { epoch: this.epoch, position: this.position, count: this.order.length, subset: this.subset };
  }

  /** A restricted sampler takes on the stored restriction; one without cannot become restricted, nor the reverse. */
  restore({ epoch, position, count, subset }: SamplerState): void {
    invariant(
      (subset === null) === (this.subset === null),
      () => `The stored state of the stream "${this.options.key}" belongs to another kind of stream.`,
    );
    this.subset = subset;
    this.begin(epoch, count);
    this.position = position;
  }

  private population(): number {
    const count = this.subset?.length ?? this.options.count();
    invariant(count > 0, () => `The stream "${this.options.key}" has no tiles to sample from.`);
    return count;
  }

  private begin(epoch: number, count: number): void {
    this.epoch = epoch;
    this.position = 0;
    this.order = new RandomStream(this.options.seed, 'sampler', this.options.key, epoch).permutation(count);
  }
}

/**
 * The `wanted` tiles of 0..count-1 that may show their labels: the first of a seeded permutation, so that a larger
 * number contains every smaller one and results for growing N are comparable.
 */
export function labelledSubset(seed: number, count: number, wanted: number): number[] {
  return Array.from(new RandomStream(seed, 'labelled-subset').permutation(count).subarray(0, wanted));
}
