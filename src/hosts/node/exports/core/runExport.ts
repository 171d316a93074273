// What a run can be taken home as: one file, made of what the run left behind.
import type { MetricFrame } from '../../../../domain/metrics.ts';
import type { RunReport } from '../../report/report.ts';

export interface RunParts {
  readonly report: RunReport;
  readonly history: MetricFrame;
  /** As safetensors; null where the stage under way has no network to score. */
  readonly weights: Uint8Array | null;
}

export interface RunExport {
  readonly id: string;
  /** In the directory that `--out` names. */
  readonly fileName: string;
  /** One line for the list of exports. */
  readonly summary: string;
  /** The file's contents; null where this run has none. */
  contents(parts: RunParts): string | Uint8Array | null;
}
