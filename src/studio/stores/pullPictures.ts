// The one loop that brings pictures of a run, whatever their kind, for as long as somebody looks at them.
import type { PictureFrame, PictureKind } from '../../bridge/pictures/pictureKind.ts';
import { type ErrorCode, serialiseError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';
import { reportFailure } from './engine.ts';
import type { Studio } from './studio.ts';

/** At most ten pictures a second: more cannot be told apart, and training has better uses for the GPU. */
const PICTURE_INTERVAL_MS = 100;
/** How often to ask whether another stage has begun, one that has pictures. */
const STAGE_INTERVAL_MS = 1000;

const PASSING: readonly ErrorCode[] = ['bridge.worker-crashed', 'gpu.device-lost', 'gpu.out-of-memory', 'run.taken'];

export interface Pull<Ask, Frame extends PictureFrame> {
  readonly studio: Studio;
  readonly runId: RunId;
  readonly kind: PictureKind<Ask, Frame>;
  readonly ask: Ask;
  /** Whether somebody still looks. */
  isWatched(): boolean;
  receive(frame: Frame): void;
}

/**
 * Asks for frames while the run is open and somebody looks: one request at a time is the credit, and a hidden page grants
 * none. A run that ended answers no more, which leaves the last request open until the next run replaces it.
 */
export async function pullPictures<Ask, Frame extends PictureFrame>(pull: Pull<Ask, Frame>): Promise<void> {
  const { studio, runId, kind, ask } = pull;
  const isOpen = (): boolean => pull.isWatched() && studio.runs.getState().current?.runId === runId;
  let after = -1;
  while (isOpen()) {
    try {
      const frame = await studio.client.pull(runId, kind, after, ask);
      if (!isOpen()) return;
      if (frame === null) await pause(STAGE_INTERVAL_MS);
      else {
        after = frame.step;
        pull.receive(frame);
      }
    } catch (error) {
      const { code } = serialiseError(error);
      // A device or a worker that failed is being replaced, and the run goes on.
      const hasFailed = studio.runs.getState().state?.status === 'failed';
      if (isOpen() && !hasFailed && PASSING.includes(code)) {
        await pause(STAGE_INTERVAL_MS);
        after = -1;
        continue;
      }
      if (isOpen()) reportFailure(studio.engine, serialiseError(error));
      return;
    }
    await pageVisible();
    await pause(PICTURE_INTERVAL_MS);
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

function pageVisible(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true });
  });
}
