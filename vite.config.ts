import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Cross-origin isolation gives the worker precise timers.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const [, policy] = /"Content-Security-Policy"\s+content="([^"]+)"/.exec(readFileSync('index.html', 'utf8')) ?? [];
if (policy === undefined) throw new Error('index.html has no content security policy.');
/** What docs/hosting.md asks of every host (e2e/nothingLeaves.spec.ts holds the two together). */
const hosted = {
  ...isolation,
  'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
  'Connection-Allowlist': '(response-origin)',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Tests, grouped by what they need (docs/adr/0009). Every project runs in one worker and opens what it needs once: its files
 * share their modules, the device and its compiled kernels, and leave them as they found them (src/testing/sharedEngine.ts).
 * An engine file runs on both backends unless its suffix says otherwise: `.pure` needs none, `.cpu` and `.webgpu` name the
 * only one, and `.card` runs as on a graphics card, too: what is another text there. A slow run repeats all operations so.
 */
const ENGINE = ['src/engine/**/*.test.ts', 'tools/golden/**/*.test.ts'];
const shared = {
  environment: 'node',
  pool: 'forks',
  isolate: false,
  maxWorkers: 1,
  // Room for young objects: rendering pages and tracing programs make many, and collecting them often takes a tenth longer.
  execArgv: ['--max-semi-space-size=64'],
} satisfies TestProjectInlineConfiguration['test'];
const PROJECTS: NonNullable<TestProjectInlineConfiguration['test']>[] = [
  {
    ...shared,
    name: 'pure',
    include: [
      'src/{domain,data,scenes,session,bridge,hosts,testing}/**/*.test.ts',
      'src/engine/**/*.pure.test.ts',
      'tools/{bench,check,faults}/**/*.test.ts',
    ],
  },
  {
    ...shared,
    name: 'studio',
    environment: 'happy-dom',
    include: ['src/studio/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setupStudio.ts'],
  },
  {
    ...shared,
    name: 'engine-cpu',
    include: ENGINE,
    exclude: ['**/*.{pure,webgpu}.test.ts'],
    setupFiles: ['src/testing/setupCpu.ts'],
  },
  {
    ...shared,
    name: 'engine-webgpu',
    include: ENGINE,
    exclude: ['**/*.{pure,cpu}.test.ts'],
    setupFiles: ['src/testing/setupWebgpu.ts'],
  },
  {
    ...shared,
    name: 'engine-card',
    include: [
      'src/engine/**/*.card{,.webgpu}.test.ts',
      ...(process.env.STUDIO_SLOW === '1' ? ['src/engine/{ops,losses}/**/*.test.ts', 'tools/golden/**/*.test.ts'] : []),
    ],
    exclude: ['**/*.{pure,cpu}.test.ts'],
    setupFiles: ['src/testing/setupCard.ts'],
  },
];

export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  resolve: { dedupe: ['@tensorflow/tfjs-core'] },
  build: {
    outDir: 'dist/studio',
    target: 'es2023',
    sourcemap: true,
    rolldownOptions: {
      output: {
        // Apart from the studio's own code: what a browser has of them is still good after the studio changed.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'mantine', test: /node_modules\/(@mantine\/(core|hooks)|@floating-ui)\// },
          ],
        },
      },
    },
  },
  // The development server writes scripts into the page, which the policy as a header would refuse.
  server: { headers: isolation },
  preview: { headers: hosted },
  test: {
    testTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**'], exclude: ['src/testing/**'] },
    setupFiles: ['src/testing/cpuTime.ts', 'src/testing/equalBytes.ts', 'src/testing/propertySeed.ts'],
    projects: PROJECTS.map((test) => ({ extends: true, test })),
  },
});
