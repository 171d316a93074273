// The newest step that was looked at, and what it and those before it kept of their target images.
import type { ViewsFrame } from '../../../domain/pictures.ts';
import type { StageId } from '../../../domain/recipe.ts';
import { coveragePerClass, type KeptTally, mergeTallies, rightPerClass, tallyOfViews } from '../../stores/keptTally.ts';
import { dataOf, paneData } from '../../stores/pictures.ts';
import { lastChange, stageParam } from '../../stores/stageParams.ts';
import type { Kept, PaneState } from '../core/definePane.ts';

interface SeenStep {
  readonly stage: StageId;
  /** The run's updates before it. */
  readonly step: number;
  readonly tally: KeptTally;
}

interface SeenSteps {
  /** Null before somebody looked. */
  readonly frame: ViewsFrame | null;
  /** Of one stage, oldest first. */
  readonly steps: readonly SeenStep[];
}

export const SEEN = paneData<SeenSteps>({ frame: null, steps: [] });

/** So many steps count: enough images for rare classes, few enough to follow a change. */
const SEEN_STEPS = 16;

export function addStep({ steps }: SeenSteps, frame: ViewsFrame): SeenSteps {
  const tally = tallyOfViews(frame);
  const same = steps.filter(({ stage, step }) => stage === frame.stage && step < frame.step);
  const added = tally === null ? [] : [{ stage: frame.stage, step: frame.step, tally }];
  return { frame, steps: [...same, ...added].slice(-SEEN_STEPS) };
}

/** Of the steps since the stage's threshold was changed last: one number holds for all of them. */
export function tallySteps({ pictures, runs: { current, changes }, engine }: PaneState): Kept | null {
  const { steps } = dataOf(pictures, SEEN);
  const stage = current?.config.recipe.stages.find(({ id }) => id === steps.at(-1)?.stage);
  if (stage?.kind !== 'train') return null;
  const params = engine.methods.find(({ id }) => id === stage.method)?.params ?? {};
  const [name = null, spec] = Object.entries(params).find(([, { role }]) => role === 'threshold') ?? [];
  const threshold = name === null || spec === undefined ? null : Number(stageParam(stage, changes, name, spec.default));
  const since = name === null ? 0 : (lastChange(stage, changes, name)?.step ?? 0);
  const tally = mergeTallies(steps.filter(({ step }) => step >= since).map((one) => one.tally));
  return {
    caption: 'panes.step.note',
    images: tally.images,
    threshold,
    coverage: coveragePerClass(tally),
    right: rightPerClass(tally),
  };
}
