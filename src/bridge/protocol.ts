// Everything that crosses the line between studio and worker: three closed lists, keyed by name.
// Requests get exactly one answer, commands none, events flow from the worker when something happened.
//
// Flow control: metric events are coalesced to at most ten a second. Pictures are pulled: one outstanding
// `picture.pull` request is one credit, answered with the newest frame; nothing is ever queued.
import type { ClassSet } from '../domain/classes.ts';
import type { DatasetId, DatasetInfo, DatasetRef, SceneRole, SceneSettings, Split, Tile } from '../domain/dataset.ts';
import type { DebugInfo, DebugWish } from '../domain/debug.ts';
import type { DeviceInfo } from '../domain/device.ts';
import type { SerialisedError } from '../domain/errors.ts';
import type { ImportChoices, ImportIssue, ImportOptions, ImportProgress, ImportReport } from '../domain/importing.ts';
import type { MethodInfo } from '../domain/method.ts';
import type { MetricFrame, MetricSpec } from '../domain/metrics.ts';
import type { NetworkInfo } from '../domain/network.ts';
import type { ParamValues } from '../domain/params.ts';
import type { PinnedImage } from '../domain/pictures.ts';
import type { Recipe, StageId } from '../domain/recipe.ts';
import type {
  Evaluation,
  ParamChange,
  RunConfig,
  RunId,
  RunSnapshot,
  RunState,
  RunSummary,
  UnreadableRun,
} from '../domain/run.ts';
import type { PictureFrame } from './pictures/pictureKind.ts';

/** Raised with every incompatible change; a worker and a studio of different versions refuse each other. */
export const PROTOCOL_VERSION = 8;

/** A file of a drop, opened by the host when it is read; a folder that could not be listed has a path that ends with a slash. */
export interface DroppedFile {
  readonly path: string;
  readonly isReadable: boolean;
}

export interface Hello {
  readonly protocolVersion: number;
  readonly methods: readonly MethodInfo[];
  /** What every run measures beside what its methods report. */
  readonly metrics: readonly MetricSpec[];
  readonly networks: readonly NetworkInfo[];
  readonly datasets: readonly DatasetInfo[];
  readonly runs: readonly RunSummary[];
  /** What lies among them and cannot be read. */
  readonly unreadableRuns: readonly UnreadableRun[];
  /** Those that ship with the studio. */
  readonly recipes: readonly Recipe[];
}

/** What a run looked like when it was left: for charts and pictures after a reload. */
export interface RunRecord {
  readonly summary: RunSummary;
  readonly metrics: MetricFrame;
  readonly evaluations: readonly Evaluation[];
}

export interface OpenAnswer {
  readonly record: RunRecord;
  readonly pinned: readonly PinnedImage[];
  /** Whether another tab trains it. */
  readonly isWatched: boolean;
}

export interface Requests {
  hello: { ask: { protocolVersion: number }; answer: Hello };
  /** Whether the worker still answers. */
  ping: { ask: Record<never, never>; answer: Record<never, never> };
  /** Tiles of the built-in pair, rendered on the spot: index runs over the role's training split. */
  'scenes.preview': {
    ask: { role: SceneRole; settings: SceneSettings; indices: readonly number[] };
    answer: { tiles: readonly Tile[] };
  };
  'dataset.tiles': {
    ask: { dataset: DatasetRef; split: Split; indices: readonly number[] };
    answer: { tiles: readonly Tile[] };
  };
  'dataset.delete': { ask: { datasetId: DatasetId }; answer: { datasets: readonly DatasetInfo[] } };
  /** Looks at the files and writes nothing. */
  'import.inspect': {
    /** `door` is the host's own way to the files, by their place in the list. */
    ask: { files: readonly DroppedFile[]; door: unknown };
    answer: { report: ImportReport };
  };
  /** Looks again at the files of a report, with what the person said about them. */
  'import.choose': { ask: { reportId: string; choices: ImportChoices }; answer: { report: ImportReport } };
  /** All that a report found; the report itself lists the first. */
  'import.findings': { ask: { reportId: string }; answer: { issues: readonly ImportIssue[] } };
  /** What the import of a dataset found, and how much of it by code; of one under way the first findings. */
  'dataset.findings': {
    ask: { datasetId: DatasetId };
    answer: { issues: readonly ImportIssue[]; counts: Readonly<Record<string, number>> };
  };
  'import.start': { ask: { reportId: string; options: ImportOptions }; answer: { datasetId: DatasetId } };
  'run.start': {
    ask: { config: RunConfig; name: string };
    answer: { runId: RunId; classes: ClassSet; pinned: readonly PinnedImage[] };
  };
  /**
   * Continues a stored run from its last checkpoint; it starts paused. A run that another tab trains is watched: its events and
   * pictures come here too. With `takeOver` the other tab is asked to let go, and left without it if it does not answer.
   */
  'run.open': { ask: { runId: RunId; takeOver?: boolean }; answer: OpenAnswer };
  'run.delete': {
    ask: { runId: RunId };
    answer: { runs: readonly RunSummary[]; unreadableRuns: readonly UnreadableRun[] };
  };
  /** Everything that is stored of a run, readable or not, as a zip. */
  'run.export': { ask: { runId: RunId }; answer: { zip: Uint8Array } };
  /** Checkpoints that were set aside, at most one a run. */
  'run.snapshots': { ask: Record<never, never>; answer: { snapshots: readonly RunSnapshot[] } };
  /** Takes a run back to its snapshot: what is newer is given up. It is closed first, if it is open. */
  'run.restore': { ask: { runId: RunId }; answer: { runs: readonly RunSummary[] } };
  /** How the engine stands, for developers, after what they wish. */
  'debug.inspect': { ask: DebugWish; answer: DebugInfo };
  /** Lands before the next update of a stage that is not over; `run.changed` tells when. */
  'run.setParams': { ask: { runId: RunId; stage: StageId; params: ParamValues }; answer: Record<never, never> };
  /**
   * Pictures of the open run, of every kind: what a kind is asked with and answers is its `PictureKind`. Answered as soon as
   * there is a frame of a later step than `after` (use -1 for any); with null, at once, while a stage runs that has none.
   */
  'picture.pull': {
    ask: { runId: RunId; kind: string; after: number; ask: unknown };
    answer: { frame: PictureFrame | null };
  };
}

export interface Commands {
  'import.pause': { datasetId: DatasetId };
  'import.resume': { datasetId: DatasetId };
  'import.cancel': { datasetId: DatasetId };
  'run.pause': { runId: RunId };
  'run.play': { runId: RunId };
  'run.step': { runId: RunId };
  'run.stop': { runId: RunId };
}

export interface Events {
  device: { device: DeviceInfo };
  'dataset.changed': { datasets: readonly DatasetInfo[] };
  'import.progress': { progress: ImportProgress };
  'import.issues': { datasetId: DatasetId; issues: readonly ImportIssue[] };
  'run.state': { state: RunState };
  'run.metrics': { runId: RunId; frame: MetricFrame };
  'run.evaluation': { runId: RunId; evaluation: Evaluation };
  'run.saved': { summary: RunSummary };
  'run.changed': { runId: RunId; change: ParamChange };
  /** A device failed and a new one is open; with it the run that was open, at its last checkpoint: `repeated` updates are done again. */
  recovered: {
    reason: SerialisedError;
    run: { record: RunRecord; pinned: readonly PinnedImage[]; repeated: number } | null;
  };
  /** The open run is another tab's now: this one watches. */
  'run.taken': { runId: RunId };
  /** Something went wrong outside any request. */
  failure: { error: SerialisedError };
}

export type RequestName = keyof Requests;
export type CommandName = keyof Commands;
export type EventName = keyof Events;

export type RequestMessage = {
  [N in RequestName]: { kind: 'request'; name: N; id: number; body: Requests[N]['ask'] };
}[RequestName];
export type CommandMessage = { [N in CommandName]: { kind: 'command'; name: N; body: Commands[N] } }[CommandName];
export type EventMessage = { [N in EventName]: { kind: 'event'; name: N; body: Events[N] } }[EventName];
export type AnswerMessage =
  | { kind: 'answer'; id: number; body: Requests[RequestName]['answer'] }
  | { kind: 'refusal'; id: number; error: SerialisedError };

export type ToWorker = RequestMessage | CommandMessage;
export type ToStudio = AnswerMessage | EventMessage;
