// @ts-check
// Bundles the headless host into dist/headless: one folder that runs with Node alone, dawn.node inside.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SOURCES = ['src', 'tools/bench', 'tools/golden', 'tools/build', 'package-lock.json'];
/** Written last, as old as the beginning of its build: what changed later is not in it. */
const STAMP = 'built';

/** Builds the command line (headless.mjs) and the benchmark (bench.mjs); gives the path of the former. */
export async function buildHeadless(outDir = join(root, 'dist', 'headless')) {
  const begun = new Date();
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.STUDIO_COMMIT': JSON.stringify(commitOf()) },
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
  writeFileSync(join(outDir, STAMP), '');
  utimesSync(join(outDir, STAMP), begun, begun);
  return join(outDir, 'headless.mjs');
}

/** Of the checkout that is built from, for who reports a defect. */
function commitOf() {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'no commit';
}

/** As {@link buildHeadless}, unless what is there is newer than every source: it may be running. */
export async function freshHeadless(outDir = join(root, 'dist', 'headless')) {
  const stamp = join(outDir, STAMP);
  const isFresh = existsSync(stamp) && newestMs(SOURCES.map((name) => join(root, name))) < statSync(stamp).mtimeMs;
  return isFresh ? join(outDir, 'headless.mjs') : buildHeadless(outDir);
}

/** Of files and of folders, whose time tells of files that went. @param {readonly string[]} paths @returns {number} */
function newestMs(paths) {
  return Math.max(
    ...paths.map((path) => {
      const info = statSync(path);
      const below = info.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [];
      return Math.max(info.mtimeMs, ...(below.length > 0 ? [newestMs(below)] : []));
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildHeadless());
