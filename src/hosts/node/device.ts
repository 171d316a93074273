// Opens the GPU for the command line: a real one, else a software Vulkan driver, and says which.
import type { BackendName, DeviceInfo } from '../../domain/run.ts';
import { openBackend } from '../../engine/gpu/openBackend.ts';
import { openDawn } from './dawn.ts';

/** Throws `gpu.unavailable` if `preference` names a backend that cannot be had; `auto` falls back and gives the reason. */
export async function openDevice(preference: 'auto' | BackendName): Promise<DeviceInfo> {
  const gpu = preference === 'cpu' ? undefined : await openDawn();
  return openBackend({ preference, ...(gpu === undefined ? {} : { gpu }) });
}
