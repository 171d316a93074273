// Bringing one's own data: the look at the files, the report, and every import that is under way.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetId } from '../../domain/dataset.ts';
import type { SerialisedError } from '../../domain/errors.ts';
import type { ImportIssue, ImportProgress, ImportReport } from '../../domain/importing.ts';

export interface ImportsState {
  readonly open: boolean;
  readonly phase: 'choosing' | 'inspecting' | 'report' | 'looking-again' | 'starting';
  readonly fileCount: number;
  readonly report: ImportReport | null;
  /** Why the last drop could not be read or started. */
  readonly error: SerialisedError | null;
  readonly progress: Readonly<Record<DatasetId, ImportProgress>>;
  readonly issues: Readonly<Record<DatasetId, readonly ImportIssue[]>>;
}

export function createImportsStore(): StoreApi<ImportsState> {
  return createStore(() => ({
    open: false,
    phase: 'choosing',
    fileCount: 0,
    report: null,
    error: null,
    progress: {},
    issues: {},
  }));
}
