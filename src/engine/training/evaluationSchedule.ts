// When a run is evaluated. The first numbers come early, because that is when somebody is watching most closely.

/** Parts of the interval at which the first one is divided. */
const EARLY = [0.1, 0.2, 0.5];

/** Whether the validation split is evaluated after update `step` (1-based) of `steps`: every `every` steps, at the end, and early on. */
export function isEvaluationStep(step: number, steps: number, every: number): boolean {
  if (step === steps || step % every === 0) return true;
  return step < every && EARLY.some((part) => step === Math.round(part * every));
}
