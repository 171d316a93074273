// @ts-check
// Bundles the headless host into dist/headless: one folder that runs with Node alone, dawn.node inside.
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Builds the command line (headless.mjs) and the benchmark (bench.mjs); gives the path of the former. */
export async function buildHeadless(outDir = join(root, 'dist', 'headless')) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    resolve: { dedupe: ['@tensorflow/tfjs-core'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: {
          headless: join(root, 'src/hosts/node/headless.ts'),
          bench: join(root, 'tools/bench/bench.ts'),
          golden: join(root, 'tools/golden/main.ts'),
        },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs', format: 'es' },
      },
    },
  });
  // The `webgpu` package looks for its native half beside itself, and itself is now part of the bundle.
  const native = join('dist', `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`);
  mkdirSync(join(outDir, native), { recursive: true });
  cpSync(join(root, 'node_modules', 'webgpu', native), join(outDir, native), { recursive: true });
  return join(outDir, 'headless.mjs');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildHeadless());
