// Runs a GPU program without a GPU: TensorFlow.js's backend is given buffers that exist in name only, and the commands that
// it would submit are written down. Nothing is computed and no intermediate is allocated, so what a program needs is known
// before it first runs. compiledProgram.ts gives the trace real memory and replays it.
import { invariant } from '../../domain/errors.ts';
import { type BackendInside, backendInside, bufferOf, flush, UNIFORM_USAGE } from '../gpu/backendInside.ts';
import * as tf from '../tf.ts';
import { commandRecorder, type TracedCommand } from './commandRecorder.ts';
import { type TracedBuffer, VirtualBuffers } from './virtualBuffers.ts';

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
  private readonly buffers = new VirtualBuffers();
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
          this.buffers.fill(buffer, offset, data);
        },
      },
      bufferManager: this.buffers.manager,
    };
    this.exchange();
    const { device } = backend;
    const uploadToGPU = backend.uploadToGPU.bind(backend);
    // Own properties hide the prototype's methods until `close` deletes them.
    Object.assign(device, {
      createBindGroup: ({ entries }: GPUBindGroupDescriptor) => entries,
      createCommandEncoder: () => commandRecorder(this.commands, (buffer) => this.buffers.resolve(buffer)),
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
        const buffer = this.buffers.find(bufferOf(this.backend, dataId));
        invariant(buffer, () => 'A GPU program must return tensors of its own, not what it was given.');
        invariant(dtype === 'float32' || dtype === 'int32', () => `A GPU program cannot return ${dtype}.`);
        return { buffer, shape, dtype };
      });
    } finally {
      tf.dispose(tensors);
    }
    flush(this.backend); // gives back what was disposed of
    const escaped = [...this.buffers.live].filter(({ usage }) => usage !== UNIFORM_USAGE);
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
