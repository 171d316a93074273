// A run store whose runs all read as of today, whatever version of the studio wrote them; those that do not are unreadable.
import { serialiseError } from '../../domain/errors.ts';
import type { RunSummary, UnreadableRun } from '../../domain/run.ts';
import type { RunStore } from '../ports.ts';
import { currentSummary } from './runConfig.ts';

export function upToDate(store: RunStore): RunStore {
  return {
    listRuns: async () => (await store.listRuns()).flatMap((stored) => orReason(stored).summary ?? []),
    unreadableRuns: async () => [
      ...(await store.unreadableRuns()),
      ...(await store.listRuns()).flatMap((stored) => orReason(stored).unreadable ?? []),
    ],
    exportRun: (runId) => store.exportRun(runId),
    claim: (runId) => store.claim(runId),
    snapshots: () => store.snapshots(),
    restoreSnapshot: (runId) => store.restoreSnapshot(runId),
    load: async (runId) => {
      const stored = await store.load(runId);
      return { ...stored, summary: currentSummary(stored.summary) };
    },
    saveSummary: (summary) => store.saveSummary(summary),
    save: (summary, checkpoint, metrics, evaluations) => store.save(summary, checkpoint, metrics, evaluations),
    saveOutput: (runId, name, bytes) => store.saveOutput(runId, name, bytes),
    loadOutput: (runId, name) => store.loadOutput(runId, name),
    deleteRun: (runId) => store.deleteRun(runId),
  };
}

function orReason(stored: RunSummary): { readonly summary?: RunSummary; readonly unreadable?: UnreadableRun } {
  try {
    return { summary: currentSummary(stored) };
  } catch (error) {
    return { unreadable: { runId: stored.runId, reason: serialiseError(error) } };
  }
}
