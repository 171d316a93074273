// A GPU program that was traced once, given memory once, and is replayed from then on: the same pipelines on the same data
// in the same order as run eagerly, hence the same bits, at a tenth of the CPU time a dispatch (docs/measured.md).
import { invariant, StudioError } from '../../domain/errors.ts';
import {
  type BackendInside,
  backendInside,
  bufferOf,
  flush,
  TENSOR_USAGE,
  UNIFORM_USAGE,
} from '../gpu/backendInside.ts';
import * as tf from '../tf.ts';
import { planMemory } from './memoryPlan.ts';
import { type Trace, type TracedBuffer, type TracedCommand, trace } from './trace.ts';

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

export interface CompileOptions {
  /** Refuse what needs more; left out, only the device's own limits count. */
  readonly memoryLimitBytes?: number | undefined;
}

export interface CompiledProgram {
  readonly needs: ProgramNeeds;
  /** Whether everything that it was traced with is still there; if not, compile again. */
  isCurrent(): boolean;
  /** Queues the program on what its inputs hold now. The outputs are new tensors; the caller owns them. */
  replay(): tf.Tensor[];
  dispose(): void;
}

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
  return new Replay(backend, traced, layout, await allocate(backend.device, layout));
}

/** Bytes that compiled programs hold on the GPU, besides TensorFlow.js's. */
export function compiledBytes(): number {
  return heldBytes;
}

let heldBytes = 0;

// --- layout ------------------------------------------------------------------------------------------------------

interface Layout {
  readonly needs: ProgramNeeds;
  readonly scratchBytes: readonly number[];
  /** Which of the shared buffers an intermediate lives in. */
  readonly scratchOf: ReadonlyMap<TracedBuffer, number>;
  readonly constants: readonly TracedBuffer[];
  /** All uniforms, one after the other, and where each begins. */
  readonly uniforms: Uint8Array<ArrayBuffer>;
  readonly uniformOffsets: ReadonlyMap<TracedBuffer, number>;
}

function layOut(backend: BackendInside, { commands, outputs, externals }: Trace): Layout {
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

function isTraced(buffer: TracedBuffer | GPUBuffer): buffer is TracedBuffer {
  return 'contents' in buffer;
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

// --- memory ------------------------------------------------------------------------------------------------------

const SMALLER =
  'Choose a smaller image size, batch or network, or a network that recomputes its stages (check-pointing).';

function refuseWhatCannotFit(
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

interface Memory {
  readonly scratch: readonly GPUBuffer[];
  readonly constants: ReadonlyMap<TracedBuffer, GPUBuffer>;
  readonly uniforms: GPUBuffer;
  readonly bytes: number;
}

async function allocate(device: GPUDevice, layout: Layout): Promise<Memory> {
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

// --- replay ------------------------------------------------------------------------------------------------------

type Command =
  | {
      readonly kind: 'dispatch';
      readonly pipeline: GPUComputePipeline;
      readonly group: GPUBindGroup;
      readonly workgroups: readonly [x: number, y: number, z: number];
    }
  | {
      readonly kind: 'copy';
      readonly from: GPUBuffer;
      readonly fromOffset: number;
      readonly to: GPUBuffer;
      readonly toOffset: number;
      readonly sizeBytes: number;
    };

/** The GPU begins while the rest is still encoded, and no command buffer runs so long that a watchdog takes it for hung. */
const COMMANDS_PER_SUBMISSION = 128;

class Replay implements CompiledProgram {
  readonly needs: ProgramNeeds;
  private readonly backend: BackendInside;
  private readonly memory: Memory;
  private readonly externals: readonly {
    readonly dataId: object;
    readonly buffer: GPUBuffer;
    readonly refCount: number;
  }[];
  private readonly commands: readonly Command[];
  private readonly outputs: readonly {
    readonly buffer: GPUBuffer;
    readonly shape: number[];
    readonly dtype: 'float32' | 'int32';
  }[];

  constructor(backend: BackendInside, { commands, outputs, externals }: Trace, layout: Layout, memory: Memory) {
    this.needs = layout.needs;
    this.backend = backend;
    this.memory = memory;
    this.externals = externals.map((dataId) => ({
      dataId,
      buffer: bufferOf(backend, dataId),
      refCount: backend.tensorMap.get(dataId).refCount,
    }));
    const real = (buffer: TracedBuffer | GPUBuffer): GPUBuffer => (isTraced(buffer) ? place(buffer) : buffer);
    const place = (buffer: TracedBuffer): GPUBuffer => {
      const found = memory.constants.get(buffer) ?? memory.scratch[layout.scratchOf.get(buffer) ?? -1];
      invariant(found, () => 'A buffer of a GPU program has no place.');
      return found;
    };
    const resource = (buffer: TracedBuffer | GPUBuffer): GPUBufferBinding => {
      if (!isTraced(buffer)) return { buffer };
      const offset = layout.uniformOffsets.get(buffer);
      if (offset !== undefined) return { buffer: memory.uniforms, offset, size: buffer.sizeBytes };
      return { buffer: place(buffer), size: buffer.sizeBytes };
    };
    this.commands = commands.map((command): Command => {
      if (command.kind === 'copy') return { ...command, from: real(command.from), to: real(command.to) };
      const { pipeline, workgroups, bindings } = command;
      const entries = bindings.map(({ binding, buffer }) => ({ binding, resource: resource(buffer) }));
      const layout = pipeline.getBindGroupLayout(0);
      return { kind: 'dispatch', pipeline, workgroups, group: backend.device.createBindGroup({ layout, entries }) };
    });
    this.outputs = outputs.map(({ buffer, shape, dtype }) => ({ buffer: place(buffer), shape: [...shape], dtype }));
  }

  isCurrent(): boolean {
    const { tensorMap } = this.backend;
    return this.externals.every(({ dataId, buffer, refCount }) => {
      if (!tensorMap.has(dataId)) return false;
      const now = tensorMap.get(dataId);
      // A clone made since would change with an update in place.
      return now.resource === buffer && now.refCount <= refCount;
    });
  }

  replay(): tf.Tensor[] {
    const { backend, commands } = this;
    flush(backend);
    let outputs: tf.Tensor[] = [];
    for (let start = 0; start < commands.length; start += COMMANDS_PER_SUBMISSION) {
      const encoder = backend.device.createCommandEncoder();
      const end = Math.min(start + COMMANDS_PER_SUBMISSION, commands.length);
      encode(encoder, commands, start, end);
      if (end === commands.length) outputs = this.copyOutputs(encoder);
      backend.device.queue.submit([encoder.finish()]);
    }
    // What an earlier read-back has left on the host is stale now.
    for (const { dataId } of this.externals) backend.tensorMap.get(dataId).values = null;
    return outputs;
  }

  dispose(): void {
    const { scratch, constants, uniforms, bytes } = this.memory;
    for (const buffer of [...scratch, ...constants.values(), uniforms]) buffer.destroy();
    heldBytes -= bytes;
  }

  private copyOutputs(encoder: GPUCommandEncoder): tf.Tensor[] {
    const { backend } = this;
    return this.outputs.map(({ buffer, shape, dtype }) => {
      const info = backend.makeTensorInfo(shape, dtype);
      backend.uploadToGPU(info.dataId);
      const copy = bufferOf(backend, info.dataId);
      encoder.copyBufferToBuffer(buffer, 0, copy, 0, copy.size);
      return tf.engine().makeTensorFromTensorInfo(info);
    });
  }
}

function encode(encoder: GPUCommandEncoder, commands: readonly Command[], start: number, end: number): void {
  let pass: GPUComputePassEncoder | null = null;
  let current: GPUComputePipeline | null = null;
  for (let at = start; at < end; at++) {
    const command = commands[at];
    if (command === undefined) continue;
    if (command.kind === 'copy') {
      pass?.end();
      pass = null;
      const { from, fromOffset, to, toOffset, sizeBytes } = command;
      encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, sizeBytes);
      continue;
    }
    if (pass === null) {
      pass = encoder.beginComputePass();
      current = null;
    }
    if (command.pipeline !== current) {
      current = command.pipeline;
      pass.setPipeline(current);
    }
    pass.setBindGroup(0, command.group);
    pass.dispatchWorkgroups(...command.workgroups);
  }
  pass?.end();
}
