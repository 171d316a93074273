// What a run session is given: its host's clock, who watches it, and what openRun.ts put together.
import type { HostBatch } from '../../domain/dataset.ts';
import type { DeviceInfo } from '../../domain/device.ts';
import type { StudioError } from '../../domain/errors.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import type { PinnedImage } from '../../domain/pictures.ts';
import type { Stage } from '../../domain/recipe.ts';
import type { Evaluation, ParamChange, RunId, RunState, RunSummary } from '../../domain/run.ts';
import type { RunStore } from '../ports.ts';
import type { OpenStage, StageContext, StageStart } from '../recipes/stage.ts';

/** Hears what happens to runs, with the run that it happened to. */
export interface RunObserver {
  state(state: RunState): void;
  metrics(frame: MetricFrame, runId: RunId): void;
  evaluation(evaluation: Evaluation, runId: RunId): void;
  saved(summary: RunSummary): void;
  /** A parameter took another value. */
  changed(change: ParamChange, runId: RunId): void;
  /** Something went wrong that training survives: a save that did not fit, say. */
  problem(error: StudioError): void;
}

export interface RunClock {
  /** Monotonic. */
  nowMs(): number;
  /** Since 1970. */
  wallClockMs(): number;
  /** Lets the host handle its messages. */
  breathe(): Promise<void>;
}

export interface RunParts {
  readonly summary: RunSummary;
  readonly openStage: (stage: Stage, start: StageStart) => Promise<OpenStage>;
  /** Its datasets, and what its stages leave behind. */
  readonly context: StageContext;
  readonly pinnedImages: readonly PinnedImage[];
  readonly pinnedBatch: HostBatch;
  readonly store: RunStore;
  readonly clock: RunClock;
  readonly observer: RunObserver;
  /** Memory readings to record beside the losses. */
  readonly memory: () => { readonly tensors: number; readonly gpuBytes: number | null };
  readonly device: DeviceInfo;
  /** What an error of training comes from, where the host knows better; null: somebody else deals with it. */
  readonly causeOf: (error: unknown) => Promise<unknown>;
}
