// What a stage is set to now: what its recipe says, overlaid with what somebody changed while it ran.
import type { ParamValue } from '../../domain/params.ts';
import type { TrainStage } from '../../domain/recipe.ts';
import type { ParamChange } from '../../domain/run.ts';

export function stageParam(
  stage: TrainStage,
  changes: readonly ParamChange[],
  name: string,
  initial: ParamValue,
): ParamValue {
  return lastChange(stage, changes, name)?.to ?? stage.params[name] ?? initial;
}

/** The newest change of one parameter of the stage. */
export function lastChange(stage: TrainStage, changes: readonly ParamChange[], name: string): ParamChange | undefined {
  return changes.findLast((change) => change.stage === stage.id && change.param === name);
}
