// What is put into run stores to see whether it comes out: bytes and numbers that differ for every step.
import { DEFAULT_SCENES } from '../domain/dataset.ts';
import type { MetricFrame } from '../domain/metrics.ts';
import { bareRecipe } from '../domain/recipe.ts';
import type { Evaluation, RunId, RunSummary } from '../domain/run.ts';

export const RUN = 'r1' as RunId;

export function runSummary(step: number, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    runId: RUN,
    name: 'brave-tram-1',
    config: {
      schemaVersion: 2,
      seed: 7,
      source: { kind: 'scenes', role: 'game', settings: DEFAULT_SCENES },
      target: { kind: 'scenes', role: 'camera', settings: DEFAULT_SCENES },
      validation: null,
      labelledTargets: 0,
      network: 'toy',
      recipe: bareRecipe('source-only', { learningRate: 0.001, cosine: true }, 400),
      evaluateEvery: 100,
      evaluationImages: 16,
    },
    status: 'running',
    step,
    progress: { stage: 0, done: step },
    changes: [],
    targetTiles: 400,
    createdAtMs: 5000,
    updatedAtMs: 5000 + step,
    best: null,
    last: { step, mIoU: step / 10 },
    device: null,
    ...changes,
  };
}

/** Steps (from, to]; the loss of the last is NaN, which must survive. Views into larger buffers. */
export function metricsOf(from: number, to: number): MetricFrame {
  const count = to - from;
  const steps = Float64Array.from({ length: count + 4 }, (_, i) => from + i - 1).subarray(2, 2 + count);
  const loss = Float64Array.from({ length: count }, (_, i) => (from + i + 1 === to ? Number.NaN : 1 / (from + i + 1)));
  return { 'train/loss_seg': { steps, values: loss }, 'sys/step_ms': { steps, values: steps.map((s) => s * 0.5) } };
}

export function evaluationAt(step: number): Evaluation {
  return { step, images: 8, confusion: Float64Array.from({ length: 361 }, (_, i) => i + step) };
}

/** Bytes that differ for every step. */
export function checkpointOf(step: number): Uint8Array {
  return Uint8Array.from({ length: 1000 }, (_, i) => (i * 7 + step) & 255);
}
