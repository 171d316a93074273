// A program with its memory, as commands that are encoded anew for every run: the same pipelines on the same data in the same
// order as run eagerly, hence the same bits.
import { invariant } from '../../domain/errors.ts';
import { type BackendInside, bufferOf, flush } from '../gpu/backendInside.ts';
import * as tf from '../tf.ts';
import { type Memory, release } from './allocate.ts';
import type { Layout, ProgramNeeds } from './layout.ts';
import type { Trace } from './trace.ts';
import { isTraced, type TracedBuffer } from './virtualBuffers.ts';

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

/** Made by `compileProgram`. */
export class CompiledProgram {
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

  /** Whether everything that it was traced with is still there; if not, compile again. */
  isCurrent(): boolean {
    const { tensorMap } = this.backend;
    return this.externals.every(({ dataId, buffer, refCount }) => {
      if (!tensorMap.has(dataId)) return false;
      const now = tensorMap.get(dataId);
      // A clone made since would change with an update in place.
      return now.resource === buffer && now.refCount <= refCount;
    });
  }

  /** Queues the program on what its inputs hold now. The outputs are new tensors; the caller owns them. */
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
    release(this.memory);
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
