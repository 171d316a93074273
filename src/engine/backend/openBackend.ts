// Opens the best backend there is (WebGPU, else WebGL, else CPU), proves it with the self-test, and says why a better
// one is not used. Makes the GPU device itself, because TensorFlow.js 4.22 handles neither a missing adapter nor a
// lost device, and never asks for shader-f16.

import type { BackendName, DeviceInfo } from '../../domain/device.ts';
import { StudioError } from '../../domain/errors.ts';
import { describeAdapter, isSoftwareAdapter } from '../gpu/adapter.ts';
import { countDispatches } from '../gpu/dispatchCount.ts';
import { openKernelChoices } from '../ops/conv2d/choice/choices.ts';
import * as tf from '../tf.ts';
import { runSelfTest } from './selfTest.ts';

export interface OpenBackendOptions {
  readonly preference: 'auto' | BackendName;
  /** The host's `navigator.gpu`; left out where there is none. */
  readonly gpu?: GPU | undefined;
  /**
   * Called once when the device fails later: `gpu.device-lost`, `gpu.out-of-memory`, or `gpu.invalid-work` for work that it
   * refused. TensorFlow.js would go on enqueueing work that does nothing, and read what buffers held before.
   */
  readonly onTrouble?: (error: StudioError) => void;
}

const ORDER: readonly BackendName[] = ['webgpu', 'webgl', 'cpu'];

/**
 * Opens a backend and makes it TensorFlow.js's current one. With `auto` the next in line is tried when one fails; a
 * named backend must work. Throws `gpu.unavailable` with the reasons.
 */
export async function openBackend(options: OpenBackendOptions): Promise<DeviceInfo> {
  const candidates = options.preference === 'auto' ? ORDER : [options.preference];
  const reasons: string[] = [];
  for (const name of candidates) {
    try {
      const info = name === 'webgpu' ? await openWebGpu(options) : await openStock(name);
      await prove(name);
      return { ...info, fallbackReason: reasons.length === 0 ? null : reasons.join(' ') };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new StudioError(
    'gpu.unavailable',
    `No ${options.preference === 'auto' ? 'backend' : options.preference} could be opened. ${reasons.join(' ')}`,
    'Use a browser with WebGPU (Chrome, Edge, Safari 26, Firefox 141 or later), and check that hardware acceleration is switched on.',
    { backend: options.preference },
  );
}

async function prove(name: BackendName): Promise<void> {
  try {
    await runSelfTest(name);
  } catch (error) {
    if (name === 'webgpu') closeBackend();
    throw error;
  }
}

interface OpenDevice {
  readonly device: GPUDevice;
  trouble: StudioError | null;
  isClosed: boolean;
}
let open: OpenDevice | null = null;

/** Gives the device back. Tensors that are still alive become unusable. */
export function closeBackend(): void {
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  if (open !== null) {
    open.isClosed = true;
    open.device.destroy();
  }
  open = null;
}

/** How long a device that is gone may take to say so. */
const NEWS_MS = 1000;

/**
 * Why the open device cannot be trusted any more, or null: what an error that came out of its work is due to. A read-back fails
 * before the device says that it is lost; this waits for it.
 */
export async function deviceTrouble(): Promise<StudioError | null> {
  const current = open;
  if (current === null) return null;
  const { queue, lost } = current.device;
  const late = new Promise<void>((resolve) => setTimeout(resolve, NEWS_MS));
  await Promise.race([lost, late, queue.onSubmittedWorkDone().then(nextTask, () => late)]);
  return current.trouble;
}

/** Events that are due have been delivered afterwards. */
const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

async function openWebGpu({ gpu, onTrouble }: OpenBackendOptions): Promise<DeviceInfo> {
  if (gpu === undefined) throw unavailable('This host has no WebGPU.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw unavailable('WebGPU found no graphics adapter.');
  const device = await adapter.requestDevice(deviceDescriptor(adapter));
  closeBackend();
  open = { device, trouble: null, isClosed: false };
  watch(open, onTrouble);
  countDispatches();
  // Same seed, same bits: the default picks a split-K matrix product whose atomic additions come in any order.
  // 3 is MatMulPackedProgram (webgpu_util.ts, MatMulProgramType).
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', 3);
  // A step must be a pure GPU program: by default small tensors that were never used on the GPU are computed on the CPU.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const backend = new tf.WebGPUBackend(device, adapter.info);
  tf.registerBackend('webgpu', () => backend, 3);
  await tf.setBackend('webgpu');
  openKernelChoices();
  return {
    backend: 'webgpu',
    adapter: describeAdapter(adapter.info),
    software: isSoftwareAdapter(adapter.info),
    shaderF16: adapter.features.has('shader-f16'),
    maxBufferBytes: device.limits.maxBufferSize,
    maxBindingBytes: device.limits.maxStorageBufferBindingSize,
    fallbackReason: null,
  };
}

function deviceDescriptor({ features, limits }: GPUAdapter): GPUDeviceDescriptor {
  // The list of features in @webgpu/types is older than 'subgroups'.
  const wanted = ['timestamp-query', 'shader-f16', 'subgroups'] as readonly GPUFeatureName[];
  return {
    requiredFeatures: wanted.filter((feature) => features.has(feature)),
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  };
}

async function openStock(name: Exclude<BackendName, 'webgpu'>): Promise<DeviceInfo> {
  if (!(await tf.setBackend(name))) throw unavailable(`${name === 'webgl' ? 'WebGL' : 'CPU'} could not be opened.`);
  return {
    backend: name,
    adapter: '',
    software: name === 'cpu',
    shaderF16: false,
    maxBufferBytes: null,
    maxBindingBytes: null,
    fallbackReason: null,
  };
}

function unavailable(message: string): StudioError {
  return new StudioError('gpu.unavailable', message, 'Update the browser or the graphics driver, or use the CPU.');
}

function watch(opened: OpenDevice, onTrouble: (error: StudioError) => void = () => undefined): void {
  const { device } = opened;
  const tell = (error: StudioError): void => {
    if (opened.isClosed || opened.trouble !== null) return; // by closeBackend, on purpose; or told already
    opened.trouble = error;
    onTrouble(error);
  };
  device.lost.then(
    ({ reason, message }) => tell(deviceLost(reason, message)),
    () => undefined,
  );
  device.addEventListener('uncapturederror', ({ error }) => tell(uncaptured(error)));
}

function deviceLost(reason: string, message: string): StudioError {
  const advice =
    'The run goes on from its last checkpoint on a new device. If it happens again, choose a smaller size.';
  return new StudioError('gpu.device-lost', `The GPU stopped working: ${message}`, advice, { reason });
}

function uncaptured(error: GPUError): StudioError {
  if (typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError) {
    return new StudioError('gpu.out-of-memory', error.message, 'Choose a smaller size, batch or network.');
  }
  return new StudioError(
    'gpu.invalid-work',
    `WebGPU: ${error.message}`,
    'The run ended and its last checkpoint is whole. Please report this, with the size, network and device.',
  );
}
