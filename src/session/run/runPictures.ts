// The pictures of a run that somebody asks for, whatever their kind. Nobody waits for a stage that has none: the answer is
// then null, at once, and asking again later is up to who asked.
import type { PictureFrame, PictureKind } from '../../bridge/pictures/pictureKind.ts';
import type { StudioError } from '../../domain/errors.ts';
import type { Picture, PictureRun } from '../pictures/core/definePicture.ts';
import { PICTURES, pictureEntry } from '../pictures/core/registry.ts';
import { PictureRequests } from './pictureRequests.ts';

export class RunPictures {
  private readonly run: PictureRun;
  /** Of the kinds that are drawn between steps. */
  private readonly requests: ReadonlyMap<Picture, PictureRequests>;
  private refusal: StudioError | null = null;

  constructor(run: PictureRun, nowMs: () => number) {
    this.run = run;
    this.requests = new Map(
      PICTURES.filter(({ when }) => when === 'between-steps').map((picture) => [
        picture,
        new PictureRequests(nowMs, (ask) => picture.draw(run, ask)),
      ]),
    );
  }

  /** A frame of a step later than `after`; null where the stage under way has none. Throws `config.invalid` for an unknown kind. */
  async pull<Ask, Frame extends PictureFrame>(
    kind: PictureKind<Ask, Frame>,
    after: number,
    ask: Ask,
  ): Promise<Frame | null> {
    const picture = pictureEntry(kind.name);
    const requests = this.requests.get(picture);
    if (requests !== undefined && this.refusal !== null) throw this.refusal;
    if (!picture.isOffered(this.run)) return null;
    // A kind's module draws the frames that the kind promises.
    return (await (requests?.ask(after, ask) ?? picture.draw(this.run, ask))) as Frame | null;
  }

  /** Answers who waits. Unless `isUrgent`, only as often as training can spare the GPU. Never throws. */
  async show(isUrgent: boolean): Promise<void> {
    for (const [picture, requests] of this.requests) {
      if (picture.isOffered(this.run)) await requests.serve(this.run.runner.updates, isUrgent);
    }
  }

  /** Another stage began: frames of the one before are no longer the newest of their step, and some requests are for nothing. */
  stageChanged(): void {
    for (const [picture, requests] of this.requests) {
      requests.forget();
      if (!picture.isOffered(this.run)) requests.answerWithNone();
    }
  }

  /** Refuses everyone who waits and who will ask for what only training can draw. */
  refuse(error: StudioError): void {
    this.refusal = error;
    for (const requests of this.requests.values()) requests.fail(error);
  }
}
