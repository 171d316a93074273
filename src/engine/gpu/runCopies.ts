// Copies runs of elements from tensor to tensor on WebGPU: what needs no arithmetic needs no shader either. Commands go into
// the backend's own encoder, as those of program.ts do, and a trace sees them.
import { invariant } from '../../domain/errors.ts';
import type * as tf from '../tf.ts';
import { type BackendInside, backendInside, bufferOf } from './backendInside.ts';
import type { OutputSpec } from './program.ts';

/** `count` elements of an input to an output, both by number; places count in elements. */
export interface ElementCopy {
  readonly input: number;
  readonly inputAt: number;
  readonly output: number;
  readonly outputAt: number;
  readonly count: number;
}

export interface CopyRun {
  readonly inputs: readonly tf.TensorInfo[];
  /** The copies must fill them. */
  readonly outputs: readonly OutputSpec[];
  readonly copies: readonly ElementCopy[];
}

const ELEMENT_BYTES = 4;

/** Enqueues the copies and returns the outputs, which the caller owns. Float32 inputs must be floats in memory (`inMemory`). */
export function runCopies({ inputs, outputs, copies }: CopyRun): tf.TensorInfo[] {
  const backend = backendInside();
  const results = outputs.map(({ shape, dtype = 'float32' }) => backend.makeTensorInfo([...shape], dtype));
  const from = inputs.map((input) => bufferFor(backend, input));
  const to = results.map((result) => bufferFor(backend, result));
  const encoder = encoderOf(backend);
  for (const { input, inputAt, output, outputAt, count } of copies) {
    const [source, destination] = [from[input], to[output]];
    invariant(source && destination, () => `There is no input ${input} or no output ${output} to copy.`);
    const [sourceOffset, offset] = [inputAt * ELEMENT_BYTES, outputAt * ELEMENT_BYTES];
    encoder.copyBufferToBuffer(source, sourceOffset, destination, offset, count * ELEMENT_BYTES);
  }
  return results;
}

function bufferFor(backend: BackendInside, { dataId }: tf.TensorInfo): GPUBuffer {
  backend.uploadToGPU(dataId);
  // If it is disposed of while its copy waits in the encoder, its buffer returns to the pool after the submission only.
  backend.commandQueueOwnedIds.add(dataId);
  return bufferOf(backend, dataId);
}

/** The backend's encoder, outside any compute pass. */
function encoderOf(backend: BackendInside): GPUCommandEncoder {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  const { commandEncoder } = backend;
  invariant(commandEncoder, () => 'The backend made no command encoder.');
  return commandEncoder;
}
