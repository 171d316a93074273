// @ts-check
// npm run faults: builds page, command line and campaigns, and runs the last on the others.
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { freshHeadless } from '../build/buildHeadless.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const headless = await freshHeadless();
const page = join(root, 'dist', 'studio');
await build({ root, logLevel: 'warn' });
// Beside the sources, so that what is not bundled is found among the installed packages.
const outDir = mkdtempSync(join(root, '.cache', 'faults-'));
try {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['@playwright/test', 'playwright', 'fake-indexeddb', 'webgpu'], target: 'node' },
    resolve: { dedupe: ['@tensorflow/tfjs-core'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: join(root, 'tools/faults/faults.ts'),
        output: { entryFileNames: 'faults.mjs', format: 'es' },
      },
    },
  });
  const { runFaults } = await import(pathToFileURL(join(outDir, 'faults.mjs')).href);
  process.exitCode = await runFaults(process.argv.slice(2), { headless, page });
} finally {
  rmSync(outDir, { recursive: true, force: true });
}
// Dawn keeps threads that would keep the process.
process.exit();
