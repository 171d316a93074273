// Parameters that change while a run is under way: what may, where a change lands, and what a stage's parameters are at a
// step of the run. The record decides, so that a resumed run sees the values that the interrupted one saw.
import { StudioError } from '../../domain/errors.ts';
import { type ParamValues, resolveParams } from '../../domain/params.ts';
import { type StageId, stepsBefore, type TrainStage } from '../../domain/recipe.ts';
import type { ParamChange, RunConfig } from '../../domain/run.ts';
import { methodEntry } from '../../engine/methods/registry.ts';

/** All parameters of a stage after the changes that landed up to the run's update `step`. */
export function paramsAt(stage: TrainStage, changes: readonly ParamChange[], step: number): ParamValues {
  const landed = changes.filter((change) => change.stage === stage.id && change.step <= step);
  const { params } = methodEntry(stage.method).info;
  return resolveParams(params, {
    ...stage.params,
    ...Object.fromEntries(landed.map(({ param, to }) => [param, to])),
  });
}

/** The training stage of that name and the run's updates before it. Throws `config.invalid`. */
export function trainStageOf({ recipe }: RunConfig, id: StageId): { stage: TrainStage; firstStep: number } {
  const index = recipe.stages.findIndex((stage) => stage.id === id);
  const stage = recipe.stages[index];
  if (stage?.kind === 'train') return { stage, firstStep: stepsBefore(recipe, index) };
  throw new StudioError(
    'config.invalid',
    `The run trains no stage "${id}".`,
    'Choose one of the stages of its recipe.',
    { key: 'stage', value: id },
  );
}

/** Values that somebody wants a stage to go on with. */
export interface ParamWish {
  readonly stage: StageId;
  readonly values: ParamValues;
}

/** What wishes change if they land after the run's update `step`. Throws `config.invalid` for one that cannot. */
export function changesOf(
  wishes: readonly ParamWish[],
  config: RunConfig,
  changes: readonly ParamChange[],
  step: number,
): readonly ParamChange[] {
  const added: ParamChange[] = [];
  for (const { stage: id, values } of wishes) {
    const { stage, firstStep } = trainStageOf(config, id);
    const lands = Math.max(step, firstStep);
    added.push(...changesTo(stage, paramsAt(stage, recorded(changes, added), lands), values, lands));
  }
  return added;
}

/** What `values` change in a stage whose parameters are `from`. Throws `config.invalid` for a value that cannot change now. */
function changesTo(stage: TrainStage, from: ParamValues, values: ParamValues, step: number): readonly ParamChange[] {
  const { params } = methodEntry(stage.method).info;
  resolveParams(params, { ...from, ...values });
  const changed = Object.entries(values).filter(([param, value]) => from[param] !== value);
  const stuck = changed.find(([param]) => params[param]?.fixed === true)?.[0];
  if (stuck !== undefined) {
    throw new StudioError(
      'config.invalid',
      `${stuck} is settled when the stage "${stage.id}" begins and cannot change while it is under way.`,
      'Start another run with the value.',
      { key: stuck, value: String(values[stuck] ?? '') },
    );
  }
  return changed.map(([param, value]) => ({ step, stage: stage.id, param, from: from[param] ?? value, to: value }));
}

/** The record with new changes in it, in the order in which they land. */
export function recorded(changes: readonly ParamChange[], added: readonly ParamChange[]): readonly ParamChange[] {
  return [...changes, ...added].toSorted((a, b) => a.step - b.step);
}
