// Everything CI runs, cheap first. Stops at the first step that fails; prints how many tests ran, and fails if none did.
//   node tools/check/test.mjs [--only STEP,STEP]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { findChromium } from './chromium.mjs';

const results = 'test-results';
mkdirSync(results, { recursive: true });
const chromium = findChromium();
console.log(`Chromium: ${chromium}`);

const counts = { passed: 0, failed: 0 };
const steps = {
  types: ['node', ['tools/check/typecheck.mjs']],
  lint: ['npx', ['biome', 'ci', '--log-level=warn', '.']],
  boundaries: ['node', ['tools/check/boundaries.mjs']],
  deadcode: ['npx', ['knip']],
  unit: ['npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}/vitest.json`]],
  build: ['npx', ['vite', 'build', '--logLevel', 'warn']],
  headless: ['node', ['tools/build/buildHeadless.mjs']],
  e2e: ['npx', ['playwright', 'test']],
};
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : Object.keys(steps);

const tally = {
  unit: () => {
    const report = JSON.parse(readFileSync(`${results}/vitest.json`, 'utf8'));
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
  },
  e2e: () => {
    const { stats } = JSON.parse(readFileSync(`${results}/playwright.json`, 'utf8'));
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
  },
};

let status = 0;
for (const name of only) {
  const [command, args] = steps[name];
  const started = performance.now();
  console.log(`\n== ${name}`);
  const run = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, STUDIO_CHROMIUM: chromium } });
  console.log(
    `== ${name}: ${run.status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  if (tally[name]) {
    const { passed, failed, skipped } = tally[name]();
    counts.passed += passed;
    counts.failed += failed;
    if (skipped > 0) {
      console.error(`${skipped} tests were skipped in ${name}: a skipped test proves nothing.`);
      counts.failed += skipped;
    }
  }
  if (run.status !== 0) {
    status = 1;
    break;
  }
}
if (counts.passed === 0 && (only.includes('unit') || only.includes('e2e'))) status = 1;
if (counts.failed > 0) status = 1;
if (status !== 0 && counts.failed === 0) counts.failed = 1;
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exit(status);
