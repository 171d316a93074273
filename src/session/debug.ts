// What the debug panel shows of the engine and changes in it: plans, programs and times as they are at this moment, and the way
// in which the stage under way runs its steps.
import type { DebugInfo, DebugWish } from '../domain/debug.ts';
import { canRunPrograms, compiledTexts } from '../engine/gpu/program.ts';
import { kernelChoices } from '../engine/ops/conv2d/choice/choices.ts';
import type { RunSession } from './run/runSession.ts';

/** What is wished holds from the next step on. */
export function inspectEngine(session: RunSession | null, { eager, timeNextStep = false }: DebugWish): DebugInfo {
  const trainer = session?.trainer ?? null;
  if (trainer !== null) {
    trainer.eager = eager ?? trainer.eager;
    trainer.timesNextStep ||= timeNextStep;
  }
  return {
    eager: trainer !== null && canRunPrograms() ? trainer.eager : null,
    times: trainer?.dispatchTimes?.programs ?? null,
    planned: trainer?.compiled?.needs ?? null,
    kernels: canRunPrograms() ? kernelChoices().current() : {},
    programs: canRunPrograms() ? compiledTexts() : [],
  };
}
