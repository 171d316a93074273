// What every run measures of its own cost, whatever it trains.
import type { MetricKey, MetricSpec } from '../../domain/metrics.ts';

export interface SystemReadings {
  /** Of one update; null where no update was timed since the last reading. */
  readonly stepMs: number | null;
  /** Compute dispatches of one update; 0 without WebGPU. */
  readonly dispatches: number;
  readonly tensors: number;
  /** Null where nobody can tell. */
  readonly gpuBytes: number | null;
  /** What the compiled step takes at most; null where it is not compiled. */
  readonly stepBytes: number | null;
}

export const SYSTEM_METRICS = [
  { key: 'sys/step_ms', label: 'Step time', group: 'system', unit: 'ms', better: 'down' },
  { key: 'sys/tensors', label: 'Tensors', group: 'system', unit: '' },
  { key: 'sys/dispatches', label: 'Dispatches per step', group: 'system', unit: '', better: 'down' },
  { key: 'sys/gpu_mb', label: 'GPU memory', group: 'system', unit: 'MB', better: 'down' },
  { key: 'sys/step_mb', label: 'A step needs', group: 'system', unit: 'MB', better: 'down' },
] as const satisfies readonly MetricSpec[];

/** Only what could be read. */
export function systemMetrics(readings: SystemReadings): Readonly<Record<MetricKey, number>> {
  const megabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 1e6);
  const values: Record<(typeof SYSTEM_METRICS)[number]['key'], number | null> = {
    'sys/step_ms': readings.stepMs,
    'sys/tensors': readings.tensors,
    'sys/dispatches': readings.dispatches,
    'sys/gpu_mb': megabytes(readings.gpuBytes),
    'sys/step_mb': megabytes(readings.stepBytes),
  };
  return Object.fromEntries(
    SYSTEM_METRICS.flatMap(({ key }) => {
      const value = values[key];
      return value === null ? [] : [[key, value] as const];
    }),
  );
}
