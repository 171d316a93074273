// Keeps a run's measurements until they are sent (frames, at most ten a second) and until they are saved.
import type { MetricFrame, MetricKey, MetricSeries } from '../../domain/metrics.ts';

interface Column {
  readonly steps: number[];
  readonly values: number[];
}

/** The buffers of a frame, for moving it to another thread. */
export function buffersOf(frame: MetricFrame): ArrayBuffer[] {
  return Object.values(frame).flatMap(({ steps, values }) => [
    steps.buffer as ArrayBuffer,
    values.buffer as ArrayBuffer,
  ]);
}

/** An append-only history that is handed out in pieces. */
class History {
  private columns = new Map<MetricKey, Column>();

  add(step: number, values: Readonly<Record<MetricKey, number>>): void {
    for (const [key, value] of Object.entries(values)) {
      const column = this.columns.get(key) ?? { steps: [], values: [] };
      column.steps.push(step);
      column.values.push(value);
      this.columns.set(key, column);
    }
  }

  take(): MetricFrame {
    const taken = this.columns;
    this.columns = new Map();
    return Object.fromEntries(
      [...taken].map(([key, { steps, values }]): [MetricKey, MetricSeries] => [
        key,
        { steps: Float64Array.from(steps), values: Float64Array.from(values) },
      ]),
    );
  }

  append(frame: MetricFrame): void {
    for (const [key, { steps, values }] of Object.entries(frame)) {
      steps.forEach((step, i) => {
        this.add(step, { [key]: values[i] ?? Number.NaN });
      });
    }
  }

  /** Puts a piece back in front of what came since it was taken. */
  putBack(frame: MetricFrame): void {
    const since = this.take();
    this.append(frame);
    this.append(since);
  }
}

export class MetricsRecorder {
  private readonly unsent = new History();
  private readonly unsaved = new History();

  record(step: number, values: Readonly<Record<MetricKey, number>>): void {
    this.unsent.add(step, values);
    this.unsaved.add(step, values);
  }

  append(frame: MetricFrame): void {
    this.unsent.append(frame);
    this.unsaved.append(frame);
  }

  /** What was recorded since the last call; empty if nothing was. */
  takeUnsent(): MetricFrame {
    return this.unsent.take();
  }

  /** What was recorded since the last save. Give it back with {@link keepUnsaved} if the save fails. */
  takeUnsaved(): MetricFrame {
    return this.unsaved.take();
  }

  keepUnsaved(frame: MetricFrame): void {
    this.unsaved.putBack(frame);
  }
}
