// The rows of a recipe's result table: what each scored stage reached on the validation images, and on others if asked.
import type { HostBatch } from '../../domain/dataset.ts';
import { type Recipe, stepsBefore, type TrainStage } from '../../domain/recipe.ts';
import type { Evaluation, RunId } from '../../domain/run.ts';
import { evaluate } from '../../engine/training/evaluate.ts';
import { loadNetwork } from '../../engine/training/weights.ts';
import type { RunStore } from '../ports.ts';
import { StageOutputs } from './stageOutputs.ts';

export interface AblationStep {
  readonly stage: TrainStage;
  readonly name: string;
  /** The run's updates at which the stage ended. */
  readonly lastStep: number;
}

/** In the order of work. */
export function ablationStepsOf(recipe: Recipe): readonly AblationStep[] {
  return recipe.stages.flatMap((stage, index) =>
    stage.kind === 'train' && stage.rung !== undefined
      ? [{ stage, name: stage.rung, lastStep: stepsBefore(recipe, index) + stage.steps }]
      : [],
  );
}

/** The evaluation that ended the stage, on all validation images; undefined before it is there. */
export function scoreOf({ lastStep }: AblationStep, evaluations: readonly Evaluation[]): Evaluation | undefined {
  return evaluations.findLast(({ step }) => step === lastStep);
}

/** Scores what a finished stage left behind on other images. Throws `data.not-found` before it is done. */
export async function evaluateAblationStep(
  { stage, lastStep }: AblationStep,
  run: { readonly store: RunStore; readonly runId: RunId },
  batches: AsyncIterable<HostBatch>,
): Promise<Evaluation> {
  const outputs = new StageOutputs(run.store, run.runId);
  const role = await outputs.loadManifest(stage.id);
  const network = loadNetwork(await outputs.loadNetwork({ stage: stage.id, role }));
  try {
    return await evaluate((images) => network.forward(images, 'evaluate'), batches, lastStep);
  } finally {
    network.dispose();
  }
}
