// Runs a WGSL program on tensors and gives its outputs to TensorFlow.js's engine, so that `tidy` and `memory` know them.
import { invariant } from '../../domain/errors.ts';
import * as tf from '../tf.ts';
import { holdsFloats, type ProgramRun, type ProgramSpec, runProgram } from './program.ts';

type TensorRun<Spec extends ProgramSpec, Names extends string> = Omit<ProgramRun<Spec, Names>, 'inputs'> & {
  readonly inputs: readonly tf.Tensor[];
};

/** As `runProgram`, with float32 inputs that are floats in memory, too. The outputs belong to the current `tidy`. */
export function runTensors<Spec extends ProgramSpec, Names extends string>(run: TensorRun<Spec, Names>): tf.Tensor[] {
  const inputs = run.inputs.map(inMemory);
  return runProgram({ ...run, inputs }).map((output) => tf.engine().makeTensorFromTensorInfo(output));
}

/** `x` with a buffer that holds what its type says: floats, if it is float32. */
export function inMemory<T extends tf.Tensor>(x: T): T {
  return x.dtype === 'float32' && !holdsFloats(x) ? tf.mul<T>(x, 1) : x;
}

/**
 * Gives the variable a buffer of its own where a tensor made by clone, reshape or assign still shows the same one. Before a
 * program writes it in place.
 */
export function ownBuffer(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) > 1 || !holdsFloats(variable)) variable.assign(tf.mul(variable, 1));
}

/** The only output of a program. */
export function runTensor<Spec extends ProgramSpec, Names extends string>(run: TensorRun<Spec, Names>): tf.Tensor {
  const [output] = runTensors(run);
  invariant(output !== undefined, () => `The program ${run.family.name} has no output.`);
  return output;
}
