// Where everything of a traced program will lie, before any of it is allocated: which intermediates share a buffer, and what
// that takes.
import { invariant } from '../../domain/errors.ts';
import { type BackendInside, bufferOf, UNIFORM_USAGE } from '../gpu/backendInside.ts';
import type { TracedCommand } from './commandRecorder.ts';
import { planMemory } from './memoryPlan.ts';
import type { Trace } from './trace.ts';
import { isTraced, type TracedBuffer } from './virtualBuffers.ts';

/** What a program takes, known before it has run. */
export interface ProgramNeeds {
  readonly dispatches: number;
  /** Intermediates, in buffers that they share. */
  readonly scratchBytes: number;
  /** The most that intermediates hold at one moment: sharing cannot do with less. */
  readonly scratchLowerBoundBytes: number;
  /** Intermediates if none shared a buffer. */
  readonly unsharedBytes: number;
  readonly constantBytes: number;
  /** Tensors from before: weights, optimiser slots, inputs. */
  readonly externalBytes: number;
  /** Of one buffer. */
  readonly largestBytes: number;
  /** Everything together. */
  readonly totalBytes: number;
}

export interface Layout {
  readonly needs: ProgramNeeds;
  readonly scratchBytes: readonly number[];
  /** Which of the shared buffers an intermediate lives in. */
  readonly scratchOf: ReadonlyMap<TracedBuffer, number>;
  readonly constants: readonly TracedBuffer[];
  /** All uniforms, one after the other, and where each begins. */
  readonly uniforms: Uint8Array<ArrayBuffer>;
  readonly uniformOffsets: ReadonlyMap<TracedBuffer, number>;
}

export function layOut(backend: BackendInside, { commands, outputs, externals }: Trace): Layout {
  const spans = new Map<TracedBuffer, { first: number; last: number }>();
  commands.forEach((command, at) => {
    for (const buffer of buffersOf(command)) {
      if (!isTraced(buffer)) continue;
      const span = spans.get(buffer);
      if (span === undefined) spans.set(buffer, { first: at, last: at });
      else span.last = at;
    }
  });
  for (const { buffer } of outputs) {
    const span = spans.get(buffer);
    invariant(span, () => 'An output of a GPU program was never written.');
    span.last = commands.length;
  }
  const used = [...spans.keys()];
  const scratch = used.filter(({ contents }) => contents === null);
  const filled = used.filter(({ contents }) => contents !== null);
  const uniforms = packUniforms(
    filled.filter(({ usage }) => usage === UNIFORM_USAGE),
    backend.device.limits.minUniformBufferOffsetAlignment,
  );
  const constants = filled.filter(({ usage }) => usage !== UNIFORM_USAGE);
  const plan = planMemory(
    scratch.map((buffer) => ({ sizeBytes: buffer.sizeBytes, ...(spans.get(buffer) ?? { first: 0, last: 0 }) })),
  );
  const sizes = externals.map((dataId) => bufferOf(backend, dataId).size);
  const constantBytes = sum(constants.map(({ sizeBytes }) => sizeBytes)) + uniforms.bytes.length;
  const externalBytes = sum(sizes);
  return {
    needs: {
      dispatches: commands.filter(({ kind }) => kind === 'dispatch').length,
      scratchBytes: plan.totalBytes,
      scratchLowerBoundBytes: plan.lowerBoundBytes,
      unsharedBytes: sum(scratch.map(({ sizeBytes }) => sizeBytes)),
      constantBytes,
      externalBytes,
      largestBytes: Math.max(0, ...plan.bufferBytes, ...sizes),
      totalBytes: plan.totalBytes + constantBytes + externalBytes,
    },
    scratchBytes: plan.bufferBytes,
    scratchOf: new Map(scratch.map((buffer, i) => [buffer, plan.bufferOf[i] ?? 0])),
    constants,
    uniforms: uniforms.bytes,
    uniformOffsets: uniforms.offsets,
  };
}

function buffersOf(command: TracedCommand): (TracedBuffer | GPUBuffer)[] {
  return command.kind === 'copy' ? [command.from, command.to] : command.bindings.map(({ buffer }) => buffer);
}

/** Equal uniforms are kept once. */
function packUniforms(uniforms: readonly TracedBuffer[], alignment: number) {
  const places = new Map<string, number>();
  const offsets = new Map<TracedBuffer, number>();
  const kept: Uint8Array[] = [];
  let end = 0;
  for (const uniform of uniforms) {
    const bytes = new Uint8Array(uniform.contents ?? new ArrayBuffer(0));
    const key = bytes.join();
    let place = places.get(key);
    if (place === undefined) {
      place = end;
      places.set(key, place);
      kept.push(bytes);
      end += Math.ceil(bytes.length / alignment) * alignment;
    }
    offsets.set(uniform, place);
  }
  const packed = new Uint8Array(end);
  kept.forEach((bytes, i) => {
    packed.set(bytes, [...places.values()][i] ?? 0);
  });
  return { bytes: packed, offsets };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
