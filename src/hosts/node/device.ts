// Opens the GPU for the command line: a real one, else a software Vulkan driver, and says which.

import type { BackendName, DeviceInfo } from '../../domain/device.ts';
import { StudioError } from '../../domain/errors.ts';
import { deviceTrouble, openBackend } from '../../engine/backend/openBackend.ts';
import { KernelTuning } from '../../session/run/kernelTuning.ts';
import { openDawn } from './dawn.ts';
import { nodeClock } from './nodeClock.ts';
import { FileTuningStore } from './storage/fileTuningStore.ts';

/** Throws `gpu.unavailable` if `preference` names a backend that cannot be had; `auto` falls back and gives the reason. */
export async function openDevice(preference: 'auto' | BackendName): Promise<DeviceInfo> {
  const device = await openBackend({ preference, gpu: preference === 'cpu' ? undefined : await findGpu(preference) });
  console.log(
    `Device: ${[device.backend, device.adapter].filter(Boolean).join(', ')}${device.software ? ' (software)' : ''}`,
  );
  if (device.fallbackReason !== null) console.log(`Not WebGPU, because: ${device.fallbackReason}`);
  const ignored = await new KernelTuning(new FileTuningStore(), nodeClock.nowMs).open(device);
  if (ignored !== null) console.log(`Measured kernels are not used: ${ignored}.`);
  return device;
}

/** Throws why the device cannot be trusted any more: what it was asked since is not to be printed as a result. */
export async function expectSound(): Promise<void> {
  const trouble = await deviceTrouble();
  if (trouble !== null) throw trouble;
}

async function findGpu(preference: 'auto' | BackendName): Promise<GPU | undefined> {
  try {
    return (await openDawn()).gpu;
  } catch (error) {
    if (preference === 'auto' && error instanceof StudioError && error.code === 'gpu.unavailable') return undefined;
    throw error;
  }
}
