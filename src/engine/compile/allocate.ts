// Memory for a program that has been laid out; what cannot fit is refused before anything of it has run.
import { StudioError } from '../../domain/errors.ts';
import { TENSOR_USAGE, UNIFORM_USAGE } from '../gpu/backendInside.ts';
import type { Layout, ProgramNeeds } from './layout.ts';
import type { TracedBuffer } from './virtualBuffers.ts';

export interface CompileOptions {
  /** Refuse what needs more; left out, only the device's own limits count. */
  readonly memoryLimitBytes?: number | undefined;
}

/** Bytes that compiled programs hold on the GPU, besides TensorFlow.js's. */
export function compiledBytes(): number {
  return heldBytes;
}

let heldBytes = 0;

const SMALLER =
  'Choose a smaller image size, batch or network, or a network that recomputes its stages (check-pointing).';

/** Throws `gpu.limit-exceeded`. */
export function refuseWhatCannotFit(
  { totalBytes, largestBytes }: ProgramNeeds,
  { maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits,
  { memoryLimitBytes = Number.POSITIVE_INFINITY }: CompileOptions,
): void {
  const largest = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (largestBytes > largest) {
    throw new StudioError(
      'gpu.limit-exceeded',
      `One training step needs a buffer of ${inGigabytes(largestBytes)}; this GPU takes ${inGigabytes(largest)} at most.`,
      SMALLER,
      { neededBytes: largestBytes, offeredBytes: largest },
    );
  }
  if (totalBytes > memoryLimitBytes) throw tooMuch(totalBytes, memoryLimitBytes);
}

function tooMuch(neededBytes: number, offeredBytes: number | null): StudioError {
  const offer = offeredBytes === null ? 'this GPU has no room for that' : `${inGigabytes(offeredBytes)} are allowed`;
  return new StudioError(
    'gpu.limit-exceeded',
    `One training step needs ${inGigabytes(neededBytes)} of GPU memory; ${offer}.`,
    SMALLER,
    { neededBytes, offeredBytes },
  );
}

function inGigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export interface Memory {
  readonly scratch: readonly GPUBuffer[];
  readonly constants: ReadonlyMap<TracedBuffer, GPUBuffer>;
  readonly uniforms: GPUBuffer;
  readonly bytes: number;
}

/** Throws `gpu.limit-exceeded` where the driver denies it. */
export async function allocate(device: GPUDevice, layout: Layout): Promise<Memory> {
  device.pushErrorScope('out-of-memory');
  const create = (size: number, usage: number): GPUBuffer => device.createBuffer({ size: Math.max(size, 16), usage });
  const scratch = layout.scratchBytes.map((size) => create(size, TENSOR_USAGE));
  const constants = new Map(layout.constants.map((constant) => [constant, create(constant.sizeBytes, TENSOR_USAGE)]));
  const uniforms = create(layout.uniforms.length, UNIFORM_USAGE);
  const error = await device.popErrorScope();
  if (error !== null) {
    for (const buffer of [...scratch, ...constants.values(), uniforms]) buffer.destroy();
    throw tooMuch(layout.needs.totalBytes, null);
  }
  for (const [constant, buffer] of constants) {
    if (constant.contents !== null) device.queue.writeBuffer(buffer, 0, constant.contents);
  }
  device.queue.writeBuffer(uniforms, 0, layout.uniforms);
  const bytes = layout.needs.scratchBytes + layout.needs.constantBytes;
  heldBytes += bytes;
  return { scratch, constants, uniforms, bytes };
}

/** Gives it back. */
export function release({ scratch, constants, uniforms, bytes }: Memory): void {
  for (const buffer of [...scratch, ...constants.values(), uniforms]) buffer.destroy();
  heldBytes -= bytes;
}
