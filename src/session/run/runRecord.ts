// What a run writes down: its summary, and with every save a checkpoint and what was measured since the last one. A save
// that does not fit loses nothing: what it would have written waits for the next.
import { type ErrorCode, StudioError } from '../../domain/errors.ts';
import { scoresOf } from '../../domain/metrics.ts';
import type { Evaluation, ParamChange, RunStatus, RunSummary } from '../../domain/run.ts';
import type { RunStore } from '../ports.ts';
import { recorded } from '../recipes/paramChanges.ts';
import { MetricsRecorder } from './metricsRecorder.ts';

/** What changes from moment to moment. */
export interface Standing {
  readonly status: RunStatus;
  readonly step: number;
  readonly progress: RunSummary['progress'];
}

export class RunRecord {
  readonly metrics = new MetricsRecorder();
  private readonly store: RunStore;
  private readonly wallClockMs: () => number;
  private unsavedEvaluations: Evaluation[] = [];
  /** As it was saved last, with what was learnt since. */
  summary: RunSummary;

  constructor(summary: RunSummary, store: RunStore, wallClockMs: () => number) {
    this.summary = summary;
    this.store = store;
    this.wallClockMs = wallClockMs;
  }

  evaluated(evaluation: Evaluation): void {
    const { mIoU } = scoresOf(evaluation.confusion);
    const last = { step: evaluation.step, mIoU };
    const { best } = this.summary;
    this.summary = { ...this.summary, last, best: best === null || mIoU > best.mIoU ? last : best };
    this.unsavedEvaluations.push(evaluation);
  }

  changed(added: readonly ParamChange[]): void {
    this.summary = { ...this.summary, changes: recorded(this.summary.changes, added) };
  }

  /** Writes the summary alone, past the checkpoint. Gives back why it could not. */
  async saveSummary(standing: Partial<Standing>): Promise<StudioError | null> {
    this.summary = { ...this.summary, ...standing, updatedAtMs: this.wallClockMs() };
    return trouble(this.store.saveSummary(this.summary));
  }

  /** Writes everything. Gives back why it could not: then the last save stands and nothing is lost. */
  async save(standing: Standing, checkpoint: Promise<Uint8Array>): Promise<StudioError | null> {
    const metrics = this.metrics.takeUnsaved();
    const evaluations = this.unsavedEvaluations;
    this.unsavedEvaluations = [];
    const times = { updatedAtMs: this.wallClockMs() };
    const summary = { ...this.summary, ...standing, ...times };
    const problem = await trouble(checkpoint.then((file) => this.store.save(summary, file, metrics, evaluations)));
    if (problem === null) {
      this.summary = { ...this.summary, ...standing, ...times };
    } else {
      this.metrics.keepUnsaved(metrics);
      this.unsavedEvaluations = [...evaluations, ...this.unsavedEvaluations];
    }
    return problem;
  }
}

/** Another has the run, or nobody: to go on would be to train what cannot be kept. */
const NOT_SURVIVED: readonly ErrorCode[] = ['run.taken', 'run.gone'];

/** What a run survives, as a value; anything else is thrown. */
async function trouble(writing: Promise<void>): Promise<StudioError | null> {
  try {
    await writing;
    return null;
  } catch (error) {
    if (error instanceof StudioError && !NOT_SURVIVED.includes(error.code)) return error;
    throw error;
  }
}
