// The stored runs, and the one that is open.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClassSet } from '../../domain/classes.ts';
import type {
  ParamChange,
  RunConfig,
  RunId,
  RunState,
  RunStatus,
  RunSummary,
  UnreadableRun,
} from '../../domain/run.ts';

export interface OpenRun {
  readonly runId: RunId;
  readonly name: string;
  readonly config: RunConfig;
  /** What its labels, predictions and scores tell apart. */
  readonly classes: ClassSet;
}

export interface RunsState {
  /** Newest first. */
  readonly list: readonly RunSummary[];
  /** Stored runs that this studio cannot read. */
  readonly unreadable: readonly UnreadableRun[];
  readonly current: OpenRun | null;
  readonly state: RunState | null;
  /** Parameters of the open run that took another value while it ran, oldest first. */
  readonly changes: readonly ParamChange[];
  /** A start or an opening is on its way to the worker. */
  readonly busy: boolean;
  /** The run that was open before: what it still says while it ends is not about the next one. */
  readonly left: RunId | null;
  /** Another tab trains the open run. */
  readonly isWatched: boolean;
}

export function createRunsStore(): StoreApi<RunsState> {
  return createStore(() => ({
    list: [],
    unreadable: [],
    current: null,
    state: null,
    changes: [],
    busy: false,
    left: null,
    isWatched: false,
  }));
}

export function isUnfinished(status: RunStatus): boolean {
  return status === 'preparing' || status === 'running' || status === 'paused';
}

/** Whether a run that is left like that can be played on from its last checkpoint. Whoever stopped one had enough of it, for now. */
export const isInterrupted = (status: RunStatus): boolean => status !== 'finished' && status !== 'stopped';

/** The run to offer while none is open: the newest one that something ended before its time. */
export function resumableRun({ list, current }: RunsState): RunSummary | null {
  return current === null ? (list.find(({ status }) => isInterrupted(status)) ?? null) : null;
}

/** Whether an event of this run belongs on screen: the open run, or the one that is just being opened. */
export function isOnScreen({ current, busy, left }: RunsState, runId: RunId): boolean {
  return current === null ? busy && runId !== left : current.runId === runId;
}
