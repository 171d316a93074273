// What was measured between two saves of a run, and how the pieces become one history again. Shared by every run
// store: a save adds one piece, so going back to an earlier checkpoint is dropping pieces, never searching for steps.
import type { MetricFrame, MetricSeries } from '../../domain/metrics.ts';
import type { Evaluation, RunSummary } from '../../domain/run.ts';

export interface HistoryPiece {
  readonly metrics: MetricFrame;
  readonly evaluations: readonly Evaluation[];
}

/** A piece that shares no memory with its arguments (views are stored with the whole buffer they look into). */
export function historyPiece(metrics: MetricFrame, evaluations: readonly Evaluation[]): HistoryPiece {
  return {
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([key, { steps, values }]) => [
        key,
        { steps: steps.slice(), values: values.slice() },
      ]),
    ),
    evaluations: evaluations.map((evaluation) => ({ ...evaluation, confusion: evaluation.confusion.slice() })),
  };
}

export function isEmptyPiece(piece: HistoryPiece): boolean {
  return piece.evaluations.length === 0 && Object.values(piece.metrics).every(({ steps }) => steps.length === 0);
}

/** Joins pieces in the order of their saves. */
export function joinHistory(pieces: readonly HistoryPiece[]): HistoryPiece {
  const series = new Map<string, MetricSeries[]>();
  for (const { metrics } of pieces) {
    for (const [key, part] of Object.entries(metrics)) {
      const parts = series.get(key);
      if (parts === undefined) series.set(key, [part]);
      else parts.push(part);
    }
  }
  return {
    metrics: Object.fromEntries(
      [...series].map(([key, parts]) => [
        key,
        { steps: join(parts.map(({ steps }) => steps)), values: join(parts.map(({ values }) => values)) },
      ]),
    ),
    evaluations: pieces.flatMap(({ evaluations }) => evaluations),
  };
}

/**
 * A loaded run stands where its checkpoint was taken; what it is called, how it ended and what was changed while it ran may
 * be newer than that.
 */
export function summaryAt(checkpoint: RunSummary, latest: RunSummary): RunSummary {
  const { name, status, updatedAtMs, changes } = latest;
  return { ...checkpoint, name, status, updatedAtMs, changes };
}

function join(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
