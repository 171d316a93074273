// What the debug panel shows of the engine: plans and programs as they are at this moment. Reads only, computes nothing.
import type { DebugInfo } from '../domain/debug.ts';
import { canRunPrograms, compiledTexts } from '../engine/gpu/program.ts';
import { kernelChoices } from '../engine/ops/conv2d/choice/choices.ts';
import type { RunSession } from './run/runSession.ts';

export function inspectEngine(session: RunSession | null): DebugInfo {
  return {
    planned: session?.plannedMemory ?? null,
    kernels: canRunPrograms() ? kernelChoices().current() : {},
    programs: canRunPrograms() ? compiledTexts() : [],
  };
}
