// The pictures of a run that somebody asks for: predictions on the pinned images, and what a step looks at. Nobody waits
// for a stage that has none: the answer is then null, at once, and asking again later is up to who asked.
import type { HostBatch } from '../../domain/dataset.ts';
import type { StudioError } from '../../domain/errors.ts';
import type { PredictionFrame, ViewsFrame } from '../../domain/pictures.ts';
import { predictPictures } from '../../engine/training/predict.ts';
import { type StageWalk, segmenterOf } from '../recipes/stageWalk.ts';
import { PictureRequests } from './pictureRequests.ts';

export class RunPictures {
  private readonly walk: StageWalk;
  private readonly predictionRequests: PictureRequests<PredictionFrame>;
  private readonly viewRequests: PictureRequests<ViewsFrame>;
  private refusal: StudioError | null = null;

  constructor(walk: StageWalk, pinned: HostBatch, nowMs: () => number) {
    this.walk = walk;
    this.predictionRequests = new PictureRequests(nowMs, () =>
      predictPictures(segmenterOf(walk.current).predict, pinned, walk.updates),
    );
    this.viewRequests = new PictureRequests(nowMs, async () => {
      const { stage, views } = walk.current;
      return { step: walk.updates, stage: stage.id, views: (await views?.()) ?? [] };
    });
  }

  /** A frame of a step later than `after`; null where the stage under way trains no segmenter. */
  predictions(after: number): Promise<PredictionFrame | null> {
    return this.ask(this.predictionRequests, this.walk.makesPredictions, after);
  }

  /** A frame of a step later than `after`; null where the stage under way has nothing to show of a step. */
  views(after: number): Promise<ViewsFrame | null> {
    return this.ask(this.viewRequests, this.hasViews, after);
  }

  /** Answers who waits. Unless `isUrgent`, only as often as training can spare the GPU. Never throws. */
  async show(isUrgent: boolean): Promise<void> {
    if (this.walk.makesPredictions) await this.predictionRequests.serve(this.walk.updates, isUrgent);
    if (this.hasViews) await this.viewRequests.serve(this.walk.updates, isUrgent);
  }

  /** Another stage began: frames of the one before are no longer the newest of their step, and some requests are for nothing. */
  stageChanged(): void {
    this.predictionRequests.forget();
    this.viewRequests.forget();
    if (!this.walk.makesPredictions) this.predictionRequests.answerWithNone();
    if (!this.hasViews) this.viewRequests.answerWithNone();
  }

  /** Refuses everyone who waits and who will ask. */
  refuse(error: StudioError): void {
    this.refusal = error;
    this.predictionRequests.fail(error);
    this.viewRequests.fail(error);
  }

  private get hasViews(): boolean {
    return (this.walk.current.trainer?.info.views ?? []).length > 0;
  }

  private ask<F extends { readonly step: number }>(
    requests: PictureRequests<F>,
    isThere: boolean,
    after: number,
  ): Promise<F | null> {
    if (this.refusal !== null) return Promise.reject(this.refusal);
    return isThere ? requests.ask(after) : Promise.resolve(null);
  }
}
