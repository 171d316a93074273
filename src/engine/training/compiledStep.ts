// A training step compiled for one signature of inputs, and the few that a trainer keeps: a step whose batch changes size is
// compiled again. What it computes is the method's; how it is replayed is engine/compile.
import type { CompileOptions } from '../compile/allocate.ts';
import { compileProgram } from '../compile/compiledProgram.ts';
import type { ProgramNeeds } from '../compile/layout.ts';
import type { CompiledProgram } from '../compile/replay.ts';
import { ownBuffer } from '../gpu/tensorMemory.ts';
import * as tf from '../tf.ts';
import {
  disposeInputs,
  type HostInputs,
  type InputTensors,
  persistentInputs,
  signatureOf,
  writeInputs,
} from './stepInputs.ts';

/** From inputs to all losses, [losses]; a pure GPU program. */
export type StepProgram = (inputs: InputTensors) => tf.Tensor1D;

interface CompiledStep {
  readonly inputs: InputTensors;
  readonly program: CompiledProgram;
}

/** Two: a batch size that is tried and taken back costs no second compilation. */
const KEPT_STEPS = 2;

export class CompiledSteps {
  /** By signature, the one that ran last at the end. */
  private readonly steps = new Map<string, CompiledStep>();
  private readonly program: StepProgram;
  /** All that the step updates in place. */
  private readonly variables: readonly tf.Variable[];
  private readonly options: CompileOptions;

  constructor(program: StepProgram, variables: readonly tf.Variable[], options: CompileOptions) {
    this.program = program;
    this.variables = variables;
    this.options = options;
  }

  /** What the step that ran or was prepared last needs; null before. */
  get needs(): ProgramNeeds | null {
    return [...this.steps.values()].at(-1)?.program.needs ?? null;
  }

  /** Compiles the step for inputs like these unless it is there. Throws `gpu.limit-exceeded`; then nothing has changed. */
  async prepare(inputs: HostInputs): Promise<CompiledStep> {
    const signature = signatureOf(inputs);
    let step = this.steps.get(signature);
    this.steps.delete(signature);
    if (step !== undefined && !step.program.isCurrent()) {
      disposeStep(step);
      step = undefined;
    }
    step ??= await this.compile(inputs);
    this.steps.set(signature, step);
    for (const [oldest, unused] of [...this.steps].slice(0, -KEPT_STEPS)) {
      disposeStep(unused);
      this.steps.delete(oldest);
    }
    return step;
  }

  /** Queues one step; the caller owns the losses. */
  async run(inputs: HostInputs): Promise<tf.Tensor1D> {
    const step = await this.prepare(inputs);
    writeInputs(step.inputs, inputs);
    const [losses] = step.program.replay();
    return losses as tf.Tensor1D;
  }

  /** Forgets all: variables have been given new buffers. */
  dispose(): void {
    for (const step of this.steps.values()) disposeStep(step);
    this.steps.clear();
  }

  private async compile(inputs: HostInputs): Promise<CompiledStep> {
    tf.tidy(() => this.variables.forEach(ownBuffer));
    const tensors = persistentInputs(inputs);
    try {
      return { inputs: tensors, program: await compileProgram(() => [this.program(tensors)], this.options) };
    } catch (error) {
      disposeInputs(tensors);
      throw error;
    }
  }
}

function disposeStep({ inputs, program }: CompiledStep): void {
  program.dispose();
  disposeInputs(inputs);
}
