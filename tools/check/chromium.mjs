// @ts-check
// Finds the Chromium that the tests drive, and installs Debian's where there is none. `STUDIO_CHROMIUM` names another.
// Debian's package also brings the software Vulkan driver that Node's WebGPU falls back to.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of an executable Chromium. Throws with advice where none is found and none can be installed. */
export function findChromium() {
  const named = process.env.STUDIO_CHROMIUM;
  if (named) {
    if (!existsSync(named)) throw new Error(`STUDIO_CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  const found = KNOWN.find((path) => existsSync(path));
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    /** @type {import('node:child_process').ExecFileSyncOptions} */
    const options = {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'libvulkan1', 'fonts-noto-cjk'],
      options,
    );
    const installed = KNOWN.find((path) => existsSync(path));
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium found. Install one (Debian: apt-get install chromium libvulkan1) or name it in STUDIO_CHROMIUM.',
  );
}

/**
 * Flags that give headless Chromium a WebGPU adapter in pages and workers with or without a GPU, and keep it off the
 * network. Nothing here moves the page itself onto the software GPU: compositing and canvas stay on the CPU, away from training.
 */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  // Without a GPU the adapter is SwiftShader's, which Chromium gives to nobody who does not ask for it.
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(findChromium());
