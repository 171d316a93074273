// The storage errors that every store throws, worded once: adapters only decide which of them applies.
import type { DatasetId, DatasetInfo, Split } from '../../domain/dataset.ts';
import { SPLITS } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';

export function quotaExceeded(neededBytes: number | null, cause?: unknown): StudioError {
  return new StudioError(
    'storage.quota',
    neededBytes === null
      ? 'The disk is full, or the browser grants no more space: nothing of this write was kept.'
      : `The disk is full: ${neededBytes} bytes more did not fit, and nothing of this write was kept.`,
    'Everything saved before is intact. Delete datasets or runs, or import with smaller tiles, then continue.',
    { neededBytes },
    cause,
  );
}

export function storageUnavailable(reason: string, cause?: unknown): StudioError {
  return new StudioError(
    'storage.unavailable',
    `Storage cannot be used: ${reason}`,
    'Leave private browsing and allow this site to store data, then reload. Without it nothing survives a reload.',
    { reason },
    cause,
  );
}

export function tileNotFound(id: DatasetId, split: Split, index: number): StudioError {
  return new StudioError(
    'data.not-found',
    `Dataset ${id} has no tile ${index} in its ${split} split.`,
    'The dataset may have been deleted in another tab; choose it again.',
    { datasetId: id, split, index },
  );
}

export function runNotFound(runId: RunId): StudioError {
  return new StudioError('data.not-found', `There is no stored run ${runId}.`, 'It may have been deleted.', { runId });
}

export function checkpointCorrupt(runId: RunId): StudioError {
  return new StudioError(
    'checkpoint.corrupt',
    `No checkpoint of run ${runId} can be read: the stored bytes do not match their checksums.`,
    'The run cannot be continued; its configuration is intact, so it can be started again with the same seed.',
    { runId },
  );
}

export function datasetInUse(datasetId: DatasetId): StudioError {
  return new StudioError(
    'data.in-use',
    `Dataset ${datasetId} is used by a run that is open, here or in another tab.`,
    'Open another run, or close the other tab, then delete it.',
    { datasetId },
  );
}

export function rowUnreadable(runId: string): StudioError {
  return new StudioError(
    'storage.corrupt',
    `What is stored of run ${runId} does not describe a run.`,
    'Delete that run; the others are not touched.',
    { runId },
  );
}

export function runTaken(runId: RunId): StudioError {
  return new StudioError(
    'run.taken',
    `Run ${runId} is being trained elsewhere, in another tab, window or process: nothing was written here.`,
    'Go on there, or take it over here.',
    { runId },
  );
}

export function runGone(runId: RunId): StudioError {
  return new StudioError(
    'run.gone',
    `Run ${runId} was deleted elsewhere while it was under way: it cannot be saved any more.`,
    'Start it again; its settings are still here.',
    { runId },
  );
}

export function historyDamaged(runId: RunId, lost: number): StudioError {
  return new StudioError(
    'run.history-damaged',
    `${lost} pieces of the history of run ${runId} are damaged or missing.`,
    'Training goes on exactly; the charts lack those points.',
    { runId, lost },
  );
}

export function outputDamaged(runId: RunId, output: string): StudioError {
  return new StudioError(
    'run.output-damaged',
    `"${output}" of run ${runId}, which a later stage needs, is damaged: its bytes do not match their checksum.`,
    'Take the run back to the stage that made it, or start it again; what is whole stays.',
    { runId, output },
  );
}

/**
 * Refuses tiles that do not continue exactly where the store stands: two writers on one dataset (the same import in
 * two tabs) would otherwise overwrite each other. Throws `storage.blocked`.
 */
export function assertContinues(
  stored: DatasetInfo | undefined,
  next: DatasetInfo,
  added: Readonly<Record<Split, readonly unknown[]>>,
): void {
  for (const split of SPLITS) {
    const before = stored?.splits[split].tiles ?? 0;
    const first = next.splits[split].tiles - added[split].length;
    if (first === before) continue;
    throw new StudioError(
      'storage.blocked',
      `Tiles for "${next.name}" would start at ${first} of the ${split} split, but ${before} are stored.`,
      'The dataset was changed elsewhere, probably by another tab. Close the other tab, then continue the import.',
      { datasetId: next.id, split, first, stored: before },
    );
  }
}
