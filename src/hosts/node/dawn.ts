// WebGPU for Node: Dawn, from the npm package `webgpu`, on the best Vulkan driver of the machine. A real GPU where there
// is one, else a software driver: Mesa's lavapipe, else the SwiftShader that comes with Chromium.
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { StudioError } from '../../domain/errors.ts';
import { pollPolitely } from './politePolling.ts';

export interface Dawn {
  readonly gpu: GPU;
  /** Which Vulkan driver was chosen, and why; for people. */
  readonly driver: string;
}

interface Candidate {
  readonly driver: string;
  /** Driver manifests for the Vulkan loader; null leaves its own search alone. */
  readonly manifests: readonly string[] | null;
}

const MANIFEST_FOLDERS = [
  '/usr/local/nvidia/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/usr/share/vulkan/icd.d',
];

// Dawn keeps threads that use the instance: it must never be garbage-collected before the process ends.
let opened: Promise<Dawn> | null = null;

/**
 * Opens Dawn once per process, and defines `navigator.gpu` and the WebGPU globals that TensorFlow.js reads.
 * Throws `gpu.unavailable` when no driver gives an adapter.
 */
export function openDawn(): Promise<Dawn> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Dawn> {
  loadVulkan();
  pollPolitely();
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const tried: string[] = [];
  for (const { driver, manifests } of candidates()) {
    if (manifests !== null) {
      // Read by the loader whenever an instance is made; setenv is real on the main thread of a process.
      process.env.VK_DRIVER_FILES = manifests.join(':');
      process.env.VK_ICD_FILENAMES = manifests.join(':');
    }
    const gpu = create([]);
    if ((await gpu.requestAdapter({ powerPreference: 'high-performance' })) !== null) {
      defineNavigator(gpu);
      return { gpu, driver };
    }
    tried.push(driver);
  }
  throw new StudioError(
    'gpu.unavailable',
    `No Vulkan driver gives a WebGPU adapter. Tried: ${tried.join('; ') || 'none found'}.`,
    "Install a graphics driver, or Mesa's software driver (Debian: apt install mesa-vulkan-drivers libvulkan1), or Chromium, or name a driver manifest in VK_DRIVER_FILES. `--backend cpu` works without.",
    { tried: tried.length },
  );
}

function defineNavigator(gpu: GPU): void {
  const present: unknown = Reflect.get(globalThis, 'navigator') ?? { userAgent: 'node', hardwareConcurrency: 1 };
  const navigator = Object.create(Object(present), { gpu: { value: gpu, enumerable: true } });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
}

/** In the order in which they are tried. */
function candidates(): Candidate[] {
  const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  if (named !== undefined && named !== '') return [{ driver: `${named} (from the environment)`, manifests: null }];
  if (process.platform !== 'linux') return [{ driver: `the default of ${process.platform}`, manifests: null }];
  const found: Candidate[] = [];
  const hardware = hardwareManifests();
  if (hardware.length > 0) found.push({ driver: `GPU driver (${hardware.join(', ')})`, manifests: hardware });
  const lavapipe = manifestsLike(/^lvp_icd/);
  if (lavapipe.length > 0) found.push({ driver: `lavapipe, in software (${lavapipe[0]})`, manifests: lavapipe });
  for (const folder of chromiumFolders()) {
    const manifest = join(folder, 'vk_swiftshader_icd.json');
    if (existsSync(manifest)) found.push({ driver: `SwiftShader, in software (${manifest})`, manifests: [manifest] });
  }
  return found;
}

/** Manifests of drivers whose device node exists: without one they would only cost time. */
function hardwareManifests(): string[] {
  const hasRenderNode = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  const nvidia = existsSync('/dev/nvidiactl') ? manifestsLike(/^nvidia/) : [];
  return [...nvidia, ...(hasRenderNode ? manifestsLike(/^(radeon|amd|intel)/) : [])];
}

function manifestsLike(pattern: RegExp): string[] {
  return MANIFEST_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => pattern.test(name) && name.endsWith('.json'))
      .map((name) => join(folder, name)),
  );
}

function chromiumFolders(): string[] {
  const named = process.env.STUDIO_CHROMIUM;
  return [...(named === undefined || named === '' ? [] : [dirname(named)]), '/usr/lib/chromium', '/opt/google/chrome'];
}

const LOADER_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib'];
const KEEP_LOADED = 0x1000; // RTLD_NODELETE: stays although Node finds no addon in it and closes it

/**
 * Dawn opens libvulkan.so.1 by name. Where the system has none, the copy that comes with Chromium is loaded before, and
 * the dynamic linker then finds it by that name.
 */
function loadVulkan(): void {
  if (process.platform !== 'linux' || LOADER_FOLDERS.some((folder) => existsSync(join(folder, 'libvulkan.so.1'))))
    return;
  const copy = chromiumFolders()
    .map((folder) => join(folder, 'libvulkan.so.1'))
    .find((path) => existsSync(path));
  if (copy === undefined) return;
  try {
    process.dlopen({ exports: {} }, copy, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | KEEP_LOADED);
  } catch {
    // Always: it is a library, not an addon. If it could not be loaded either, no adapter is found, and that is said.
  }
}
