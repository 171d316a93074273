// What can be taken home from the command line: one file each, made of what a run, a recipe over several seeds, or an
// evaluation left behind. Whatever a command writes for people to take is one of these.
import type { MetricFrame } from '../../../../domain/metrics.ts';
import type { AblationResult } from '../../report/ablationTable.ts';
import type { EvaluationReport } from '../../report/evaluationReport.ts';
import type { RunReport } from '../../report/report.ts';

/** What there is to make files of. */
export interface ExportParts {
  readonly run: {
    readonly report: RunReport;
    readonly history: MetricFrame;
    /** As safetensors; null where the stage under way has no network to score. */
    readonly weights: Uint8Array | null;
  };
  /** Over all its seeds. */
  readonly recipe: { readonly ablation: readonly AblationResult[] };
  readonly evaluation: EvaluationReport;
}

export type ExportSubject = keyof ExportParts;

export interface Export<Of extends ExportSubject> {
  readonly id: string;
  readonly of: Of;
  /** In the directory that `--out` names; where `--out` names the file itself, what it is called in lists. */
  readonly fileName: string;
  /** One line for the list of exports. */
  readonly summary: string;
  /** The file's contents; null where there are none. */
  contents(parts: ExportParts[Of]): string | Uint8Array | null;
}

/** One of any subject. */
export type AnyExport = { readonly [Of in ExportSubject]: Export<Of> }[ExportSubject];

export const defineExport = <Of extends ExportSubject>(declared: Export<Of>): Export<Of> => declared;

export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
