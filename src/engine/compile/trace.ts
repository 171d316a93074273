// Runs a GPU program without a GPU: TensorFlow.js's backend is given buffers that exist in name only, and the commands that
// it would submit are written down. Nothing is computed and no intermediate is allocated, so what a program needs is known
// before it first runs. compiledProgram.ts gives the trace real memory and replays it.
import { invariant } from '../../domain/errors.ts';
import {
  type BackendInside,
  type BufferManager,
  backendInside,
  bufferOf,
  flush,
  UNIFORM_USAGE,
} from '../gpu/backendInside.ts';
import * as tf from '../tf.ts';

/** A buffer of the traced program; `contents` if the host fills it: a uniform, or a constant. */
export interface TracedBuffer {
  readonly sizeBytes: number;
  readonly usage: number;
  contents: ArrayBuffer | null;
}

export interface TracedBinding {
  readonly binding: number;
  /** A buffer of the trace's own, or one that existed before: a variable, an input. */
  readonly buffer: TracedBuffer | GPUBuffer;
}

export type TracedCommand =
  | {
      readonly kind: 'dispatch';
      readonly pipeline: GPUComputePipeline;
      readonly bindings: readonly TracedBinding[];
      readonly workgroups: readonly [x: number, y: number, z: number];
    }
  | {
      readonly kind: 'copy';
      readonly from: TracedBuffer | GPUBuffer;
      readonly fromOffset: number;
      readonly to: TracedBuffer | GPUBuffer;
      readonly toOffset: number;
      readonly sizeBytes: number;
    };

export interface TracedOutput {
  readonly buffer: TracedBuffer;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

export interface Trace {
  readonly commands: readonly TracedCommand[];
  readonly outputs: readonly TracedOutput[];
  /** Tensors from before that the program reads or updates in place; it holds as long as they live. */
  readonly externals: readonly object[];
}

/**
 * Traces `program`, which must be a pure GPU program: no read-back, no variable given a new value except in place (an
 * `assign` exchanges its buffer). Its outputs are new tensors. Throws `internal.invariant` if it is not pure.
 */
export function trace(program: () => readonly tf.Tensor[]): Trace {
  const backend = backendInside();
  flush(backend);
  const recorder = new Recorder(backend);
  try {
    return recorder.run(program);
  } finally {
    recorder.close();
  }
}

/** The backend's members that are exchanged while it is traced. */
type Exchanged = Pick<
  BackendInside,
  | 'queue'
  | 'bufferManager'
  | 'commandEncoder'
  | 'computePassEncoder'
  | 'dispatchCountInPass'
  | 'commandQueueOwnedIds'
  | 'tensorDataPendingDisposal'
  | 'uniformPendingDisposal'
  | 'stagingPendingDisposal'
>;

class Recorder {
  private readonly commands: TracedCommand[] = [];
  private readonly buffers = new Map<GPUBuffer, TracedBuffer>();
  /** Buffers that no disposal has given back yet. */
  private readonly live = new Set<TracedBuffer>();
  private readonly externals = new Set<object>();
  /** Data ids from here on are the program's own. */
  private readonly firstOwnId: number;
  private readonly backend: BackendInside;
  private other: Exchanged;

  constructor(backend: BackendInside) {
    this.backend = backend;
    this.firstOwnId = backend.nextDataId();
    this.other = {
      ...freshState(),
      queue: {
        submit: () => undefined,
        writeBuffer: (buffer, offset, data) => {
          this.fill(buffer, offset, data);
        },
      },
      bufferManager: this.bufferManager(),
    };
    this.exchange();
    const { device } = backend;
    const uploadToGPU = backend.uploadToGPU.bind(backend);
    // Own properties hide the prototype's methods until `close` deletes them.
    Object.assign(device, {
      createBindGroup: ({ entries }: GPUBindGroupDescriptor) => entries,
      createCommandEncoder: () => this.encoder(),
    });
    Object.assign(backend, {
      uploadToGPU: (dataId: object) => this.upload(dataId, uploadToGPU),
      readSync: (): void => invariant(false, () => 'A GPU program must not read its tensors.'),
    });
  }

  run(program: () => readonly tf.Tensor[]): Trace {
    const tensors = tf.tidy(() => [...program()]);
    let outputs: TracedOutput[];
    try {
      outputs = tensors.map(({ dataId, shape, dtype }): TracedOutput => {
        const buffer = this.buffers.get(bufferOf(this.backend, dataId));
        invariant(buffer, () => 'A GPU program must return tensors of its own, not what it was given.');
        invariant(dtype === 'float32' || dtype === 'int32', () => `A GPU program cannot return ${dtype}.`);
        return { buffer, shape, dtype };
      });
    } finally {
      tf.dispose(tensors);
    }
    flush(this.backend); // gives back what was disposed of
    const escaped = [...this.live].filter(({ usage }) => usage !== UNIFORM_USAGE);
    invariant(escaped.length === 0, () => `${escaped.length} tensors of a GPU program outlive it: kept, or assigned.`);
    return { commands: this.commands, outputs, externals: [...this.externals] };
  }

  close(): void {
    const { backend } = this;
    flush(backend);
    for (const [object, names] of [
      [backend.device, ['createBindGroup', 'createCommandEncoder']],
      [backend, ['uploadToGPU', 'readSync']],
    ] as const) {
      for (const name of names) Reflect.deleteProperty(object, name);
    }
    this.exchange();
  }

  /** Swaps the backend's working state with the one at hand. */
  private exchange(): void {
    const { backend, other } = this;
    const kept = Object.fromEntries(Object.keys(other).map((key) => [key, Reflect.get(backend, key)]));
    Object.assign(backend, other);
    this.other = kept as unknown as Exchanged;
  }

  /** A tensor from before the program is real, and uploaded for real if it is not on the GPU yet. */
  private upload(dataId: object, original: (dataId: object) => void): void {
    const id: unknown = Reflect.get(dataId, 'id');
    if (typeof id !== 'number' || id >= this.firstOwnId) {
      original(dataId);
      return;
    }
    this.externals.add(dataId);
    if (this.backend.tensorMap.get(dataId).resource) return;
    const { device } = this.backend;
    const traced = Reflect.get(device, 'createCommandEncoder');
    Reflect.deleteProperty(device, 'createCommandEncoder');
    this.exchange();
    original(dataId);
    flush(this.backend);
    this.exchange();
    Object.assign(device, { createCommandEncoder: traced });
  }

  private bufferManager(): BufferManager {
    return {
      acquireBuffer: (sizeBytes, usage) => this.virtualBuffer(sizeBytes, usage),
      releaseBuffer: (buffer) => {
        const traced = this.buffers.get(buffer);
        invariant(traced, () => 'A GPU program must not dispose of what it was given.');
        this.live.delete(traced);
      },
    };
  }

  private virtualBuffer(sizeBytes: number, usage: number): GPUBuffer {
    const traced: TracedBuffer = { sizeBytes, usage, contents: null };
    const mapped = (): ArrayBuffer => {
      traced.contents ??= new ArrayBuffer(sizeBytes);
      return traced.contents;
    };
    const buffer = Object.create(gpuBufferPrototype(), {
      size: { value: sizeBytes },
      usage: { value: usage },
      mapState: { value: 'mapped' },
      getMappedRange: { value: mapped },
      unmap: { value: () => undefined },
    }) as GPUBuffer;
    this.buffers.set(buffer, traced);
    this.live.add(traced);
    return buffer;
  }

  private fill(buffer: GPUBuffer, offset: number, data: unknown): void {
    const traced = this.buffers.get(buffer);
    invariant(
      traced && data instanceof ArrayBuffer && offset === 0,
      () => 'A GPU program must not write to its inputs.',
    );
    invariant(traced.contents === null, () => 'A GPU program filled a buffer twice.');
    traced.contents = data.slice(0, traced.sizeBytes);
  }

  private resolved(buffer: GPUBuffer): TracedBuffer | GPUBuffer {
    return this.buffers.get(buffer) ?? buffer;
  }

  private encoder() {
    return {
      beginComputePass: () => this.pass(),
      copyBufferToBuffer: (from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, sizeBytes: number) => {
        const places = { from: this.resolved(from), fromOffset, to: this.resolved(to), toOffset };
        this.commands.push({ kind: 'copy', ...places, sizeBytes });
      },
      finish: () => ({}),
    };
  }

  private pass() {
    let pipeline: GPUComputePipeline;
    let entries: readonly GPUBindGroupEntry[];
    return {
      setPipeline: (next: GPUComputePipeline) => {
        pipeline = next;
      },
      setBindGroup: (_: number, group: unknown) => {
        entries = group as readonly GPUBindGroupEntry[]; // made by our own createBindGroup
      },
      dispatchWorkgroups: (x: number, y = 1, z = 1) => {
        const bindings = entries.map(({ binding, resource }) => ({
          binding,
          buffer: this.resolved((resource as GPUBufferBinding).buffer),
        }));
        this.commands.push({ kind: 'dispatch', pipeline, bindings, workgroups: [x, y, z] });
      },
      end: () => undefined,
    };
  }
}

function freshState() {
  return {
    commandEncoder: null,
    computePassEncoder: null,
    dispatchCountInPass: 0,
    commandQueueOwnedIds: new WeakSet<object>(),
    tensorDataPendingDisposal: [],
    uniformPendingDisposal: [],
    stagingPendingDisposal: [],
  };
}

/** TensorFlow.js recognises a buffer by its class. */
function gpuBufferPrototype(): object {
  const bufferClass: unknown = Reflect.get(globalThis, 'GPUBuffer');
  invariant(typeof bufferClass === 'function', () => 'This host has no WebGPU.');
  return bufferClass.prototype as object;
}
