import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Cross-origin isolation gives the worker precise timers; the policy keeps every request on the page's own origin.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

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
  server: { headers },
  preview: { headers },
  test: {
    testTimeout: 60_000,
    setupFiles: ['src/testing/propertySeed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          environment: 'node',
          include: ['src/{domain,data,scenes,session,bridge,hosts,testing}/**/*.test.ts', 'tools/bench/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'engine-cpu',
          environment: 'node',
          include: ['src/engine/**/*.test.ts', 'tools/golden/**/*.test.ts'],
          exclude: ['**/*.webgpu.test.ts'],
          setupFiles: ['src/testing/setupCpu.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'engine-webgpu',
          environment: 'node',
          pool: 'forks',
          maxWorkers: 1,
          include: ['src/engine/**/*.test.ts', 'tools/golden/**/*.test.ts'],
          exclude: ['**/*.cpu.test.ts'],
          setupFiles: ['src/testing/setupWebgpu.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'engine-card',
          environment: 'node',
          pool: 'forks',
          maxWorkers: 1,
          include: ['src/engine/{ops,losses,selfTest,compile}/**/*.test.ts', 'tools/golden/**/*.test.ts'],
          exclude: ['**/*.cpu.test.ts', '**/tuning/**', '**/sums.webgpu.test.ts'], // buffers as large as a card's work
          setupFiles: ['src/testing/setupCard.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'studio',
          environment: 'happy-dom',
          include: ['src/studio/**/*.test.{ts,tsx}'],
          setupFiles: ['src/testing/setupStudio.ts'],
        },
      },
    ],
  },
});
