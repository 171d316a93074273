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
   * Called when the device fails later: `gpu.device-lost`, `gpu.out-of-memory`, or `internal.invariant` for a
   * validation error. TensorFlow.js would go on enqueueing work that does nothing.
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

let openDevice: GPUDevice | null = null;

/** Gives the device back. Tensors that are still alive become unusable. */
export function closeBackend(): void {
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  openDevice?.destroy();
  openDevice = null;
}

async function openWebGpu({ gpu, onTrouble }: OpenBackendOptions): Promise<DeviceInfo> {
  if (gpu === undefined) throw unavailable('This host has no WebGPU.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw unavailable('WebGPU found no graphics adapter.');
  const device = await adapter.requestDevice(deviceDescriptor(adapter));
  closeBackend();
  openDevice = device;
  watch(device, onTrouble);
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

function watch(device: GPUDevice, onTrouble: ((error: StudioError) => void) | undefined): void {
  if (onTrouble === undefined) return;
  device.lost.then(
    ({ reason, message }) => {
      if (reason === 'destroyed') return; // by closeBackend, on purpose
      const advice = 'Reload the page and resume the run: it was saved. If it happens again, choose a smaller size.';
      onTrouble(new StudioError('gpu.device-lost', `The GPU stopped working: ${message}`, advice, { reason }));
    },
    () => undefined,
  );
  device.addEventListener('uncapturederror', ({ error }) => {
    const isOutOfMemory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
    onTrouble(
      isOutOfMemory
        ? new StudioError('gpu.out-of-memory', error.message, 'Choose a smaller size, batch or network.')
        : new StudioError(
            'internal.invariant',
            `WebGPU: ${error.message}`,
            'This is a defect of the studio. Please report it.',
          ),
    );
  });
}
