// A GPU program that was traced once, given memory once, and is replayed from then on: the same pipelines on the same data
// in the same order as run eagerly, hence the same bits, at a tenth of the CPU time a dispatch (docs/measured.md).
import { backendInside } from '../gpu/backendInside.ts';
import type * as tf from '../tf.ts';
import { allocate, type CompileOptions, refuseWhatCannotFit } from './allocate.ts';
import { layOut, type ProgramNeeds } from './layout.ts';
import { CompiledProgram } from './replay.ts';
import { trace } from './trace.ts';

/** What `program` would take, without running it or allocating its intermediates. */
export function needsOf(program: () => readonly tf.Tensor[]): ProgramNeeds {
  const backend = backendInside();
  return layOut(backend, trace(program)).needs;
}

/**
 * Compiles a pure GPU program (see `trace`). It runs when it is replayed. Throws `gpu.limit-exceeded` if it cannot fit, before
 * anything of it has run.
 */
export async function compileProgram(
  program: () => readonly tf.Tensor[],
  options: CompileOptions = {},
): Promise<CompiledProgram> {
  const backend = backendInside();
  const traced = trace(program);
  const layout = layOut(backend, traced);
  refuseWhatCannotFit(layout.needs, backend.device.limits, options);
  return new CompiledProgram(backend, traced, layout, await allocate(backend.device, layout));
}
