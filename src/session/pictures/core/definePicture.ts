// How a kind of picture is drawn, in the worker: one module beside this folder, found by its name. What it may look at is the
// open run; when it may look depends on whether it needs the network that is being trained.
import type { PictureFrame, PictureKind } from '../../../bridge/pictures/pictureKind.ts';
import type { HostBatch } from '../../../domain/dataset.ts';
import type { StageContext } from '../../recipes/stage.ts';
import type { StageRunner } from '../../recipes/stageRunner.ts';

/** The open run, as far as pictures of it are concerned. */
export interface PictureRun {
  /** Where it stands: the stage under way with its trainer, and the updates so far. */
  readonly runner: StageRunner;
  /** Validation images that are on screen, without their labels. */
  readonly pinned: HostBatch;
  /** Its datasets, and what its stages left behind. */
  readonly context: StageContext;
}

export interface Picture<Ask = unknown, Frame extends PictureFrame = PictureFrame> {
  readonly kind: PictureKind<Ask, Frame>;
  /**
   * `between-steps`: drawn with what is being trained, so only between two updates, only when a later step than the last
   * frame's is there, and no more often than training can spare. `at-once`: read from what is stored.
   */
  readonly when: 'between-steps' | 'at-once';
  /** Whether the stage under way has any. Where not, whoever asks is answered with null, at once. */
  isOffered(run: PictureRun): boolean;
  /** Throws StudioError; whoever asked is told. */
  draw(run: PictureRun, ask: Ask): Promise<Frame>;
}

/** Forgets what it is asked with: a request comes with its kind's name alone, and `PictureKind` holds both sides to one type. */
export function definePicture<Ask, Frame extends PictureFrame>(picture: Picture<Ask, Frame>): Picture {
  return picture;
}
