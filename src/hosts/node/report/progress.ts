// Shows a run on the terminal: a bar on a screen, a line every few seconds in a log.
import { SingleBar } from 'cli-progress';
import { reviveError, type StudioError } from '../../../domain/errors.ts';
import { scoresOf } from '../../../domain/metrics.ts';
import { METHODS } from '../../../engine/methods/registry.ts';
import type { RunObserver } from '../../../session/run/runParts.ts';

const LINE_EVERY_MS = 10_000;
const LOSSES = new Set(
  METHODS.flatMap(({ info }) => info.metrics.flatMap(({ key, group }) => (group === 'loss' ? [key] : []))),
);

export interface ProgressObserver extends RunObserver {
  /** Why the run failed, or null. */
  readonly error: StudioError | null;
  /** Why the last save failed, or null where it did not. */
  readonly unsaved: StudioError | null;
  end(): void;
}

const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
};

/** `giveUp` is called with why the run was never saved, to end it with that: to go on would be to train for nothing. */
export function progressObserver(giveUp: (problem: StudioError) => void): ProgressObserver {
  const bar = process.stdout.isTTY
    ? new SingleBar({
        format: '{stage} {bar} {value}/{total}  loss {loss}  mIoU {miou}  {rate} steps/s  {left} left',
        hideCursor: true,
      })
    : null;
  const shown = { stage: '-', loss: '-', miou: '-', rate: '-', left: '-' };
  let lineAtMs = performance.now();
  let error: StudioError | null = null;
  let unsaved: StudioError | null = null;
  let wasSaved = false;
  bar?.start(1, 0, shown);
  return {
    get error() {
      return error;
    },
    get unsaved() {
      return unsaved;
    },
    state: (state) => {
      shown.rate = state.stepsPerSecond?.toFixed(2) ?? '-';
      shown.left = state.leftMs === null ? '-' : duration(state.leftMs);
      if (state.error !== null) error = reviveError(state.error);
      const { stage } = state;
      if (stage === null) return;
      const isNew = shown.stage !== stage.id;
      shown.stage = stage.id;
      bar?.setTotal(stage.total);
      bar?.update(stage.done, shown);
      if (bar !== null || (!isNew && performance.now() - lineAtMs < LINE_EVERY_MS)) return;
      lineAtMs = performance.now();
      console.log(
        `${stage.id}  ${stage.done}/${stage.total}  loss ${shown.loss}  ${shown.rate} steps/s  ${shown.left} left`,
      );
    },
    metrics: (frame) => {
      const losses = Object.entries(frame).find(([key]) => LOSSES.has(key));
      shown.loss = losses?.[1].values.at(-1)?.toFixed(3) ?? shown.loss;
    },
    evaluation: ({ step, images, confusion }) => {
      const { mIoU, aAcc } = scoresOf(confusion);
      shown.miou = mIoU.toFixed(1);
      if (bar === null) console.log(`step ${step}  mIoU ${shown.miou}  aAcc ${aAcc.toFixed(1)}  on ${images} images`);
    },
    saved: () => {
      wasSaved = true;
      unsaved = null;
    },
    changed: ({ stage, param, from, to }) => console.log(`${stage}: ${param} ${from} -> ${to}`),
    problem: (problem) => {
      const isUnsaved = problem.code.startsWith('storage.');
      if (isUnsaved) unsaved = problem;
      if (isUnsaved && !wasSaved) giveUp(problem);
      else console.error(`${problem.code}: ${problem.message} ${problem.advice}`);
    },
    end: () => bar?.stop(),
  };
}
