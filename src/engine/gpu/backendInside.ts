// The inside of TensorFlow.js's WebGPU backend (4.22.0), as far as program.ts and trace.ts use it: the only description of
// its private members, checked when it is first used, so that an upgrade which moves them fails loudly.
import { invariant } from '../../domain/errors.ts';
import * as tf from '../tf.ts';

/** What the backend knows of one tensor's storage. */
export interface TensorData {
  resource?: GPUBuffer | null;
  /** What was written or read back on the host; null where only the GPU knows. */
  values: unknown;
  dtype: string;
  /** How many tensors share it. */
  refCount: number;
}

export interface BufferManager {
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
}

/** What is used of WebGPUBackend, private members too. */
export interface BackendInside {
  readonly device: GPUDevice;
  queue: Pick<GPUQueue, 'submit' | 'writeBuffer'>;
  bufferManager: BufferManager;
  readonly tensorMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  /** Tensors of the commands that are encoded and not yet submitted: their buffers are not free before. */
  commandQueueOwnedIds: WeakSet<object>;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  tensorDataPendingDisposal: object[];
  uniformPendingDisposal: GPUBuffer[];
  stagingPendingDisposal: GPUBuffer[];
  nextDataId(): number;
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: 'float32' | 'int32'): tf.TensorInfo;
  disposeData(dataId: object): boolean;
  readSync: (dataId: object) => unknown;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

const FIELDS = [
  'device',
  'queue',
  'bufferManager',
  'tensorMap',
  'commandQueueOwnedIds',
  'commandEncoder',
  'computePassEncoder',
  'tensorDataPendingDisposal',
  'uniformPendingDisposal',
  'stagingPendingDisposal',
] as const satisfies readonly (keyof BackendInside)[];
const METHODS = [
  'nextDataId',
  'uploadToGPU',
  'makeTensorInfo',
  'disposeData',
  'readSync',
  'ensureCommandEncoderReady',
  'endComputePassEncoder',
  'submitQueue',
] as const satisfies readonly (keyof BackendInside)[];
const checked = new WeakSet<object>();

/** The open backend, which must be WebGPU. */
export function backendInside(): BackendInside {
  const backend: unknown = tf.backend();
  invariant(isInside(backend), () => `WGSL programs need TensorFlow.js's WebGPU backend, not ${tf.getBackend()}.`);
  return backend;
}

function isInside(backend: unknown): backend is BackendInside {
  if (typeof backend !== 'object' || backend === null) return false;
  if (checked.has(backend)) return true;
  const has =
    FIELDS.every((name) => name in backend) &&
    typeof Reflect.get(backend, 'dispatchCountInPass') === 'number' &&
    METHODS.every((name) => typeof Reflect.get(backend, name) === 'function');
  if (has) checked.add(backend);
  return has;
}

/** The buffer of a tensor that is on the GPU. */
export function bufferOf(backend: BackendInside, dataId: object): GPUBuffer {
  const { resource } = backend.tensorMap.get(dataId);
  invariant(resource !== undefined && resource !== null && 'mapState' in resource, () => 'A tensor has no GPU buffer.');
  return resource;
}

/** Sends what is encoded so far. */
export function flush(backend: BackendInside): void {
  if (backend.commandEncoder === null) return;
  backend.endComputePassEncoder();
  backend.submitQueue();
}

// The globals exist wherever WebGPU does, but not in every host's types.
/** GPUBufferUsage of a tensor's buffer: STORAGE | COPY_SRC | COPY_DST. */
export const TENSOR_USAGE = 0x0080 | 0x0004 | 0x0008;
/** GPUBufferUsage of a buffer of uniforms: UNIFORM | COPY_DST. */
export const UNIFORM_USAGE = 0x0040 | 0x0008;
