// @ts-check
// Everything CI runs, in two lanes beside each other, each a row of steps. Every step runs even if another has failed (save
// the end-to-end tests of a build that failed), and what a failed one printed last is shown at once. At the end: the ten
// files that cost most, files over their budget, and how many tests passed.
//   node tools/check/test.mjs [--only STEP,STEP]
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { findChromium } from './chromium.mjs';

const RESULTS = 'test-results';
const TAIL_LINES = 60;
/** Commands are found as `npm run` finds them: by npx each starts npm, a second of processor time. */
const PATH = `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}`;
/** Seconds of processor time that a file may take, by project. Three times what the dearest takes on a quiet machine, for a busy one takes twice as much; what is worth more is for `npm run test:slow`. */
const BUDGETS = /** @type {Record<string, number>} */ ({
  pure: 60,
  studio: 80,
  'engine-cpu': 60,
  'engine-webgpu': 120,
  'engine-card': 60,
});

/**
 * @typedef {{ command: readonly string[], env?: Record<string, string>, report?: string, needs?: string }} Step
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

const vitest = (/** @type {string} */ name, /** @type {readonly string[]} */ projects) => ({
  command: [
    ...['vitest', 'run', '--reporter=default', '--reporter=./tools/check/reporter.mjs'],
    ...projects.flatMap((project) => ['--project', project]),
  ],
  env: { UNIT_REPORT: `${RESULTS}/${name}.json` },
  report: `${RESULTS}/${name}.json`,
});

/** @type {Record<string, Step>} */
const STEPS = {
  types: { command: ['node', 'tools/check/typecheck.mjs'] },
  lint: { command: ['biome', 'ci', '--log-level=warn', '.'] },
  boundaries: { command: ['node', 'tools/check/boundaries.mjs'] },
  deadcode: { command: ['knip'] },
  headless: { command: ['node', 'tools/build/buildHeadless.mjs'] },
  unit: vitest('unit', ['pure', 'studio', 'engine-cpu']),
  gpu: vitest('gpu', ['engine-webgpu', 'engine-card']),
  build: { command: ['vite', 'build', '--logLevel', 'warn'] },
  bundle: { command: ['node', 'tools/check/bundle.mjs'], needs: 'build' },
  e2e: { command: ['playwright', 'test'], report: `${RESULTS}/playwright.json`, needs: 'build' },
};
/** The software GPU takes what threads there are: beside it run the steps that have one each. */
const LANES = [
  ['types', 'lint', 'boundaries', 'deadcode', 'headless', 'unit'],
  ['gpu', 'build', 'bundle', 'e2e'],
];

const asked = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const only = asked?.split(',') ?? LANES.flat();
for (const name of only) if (!(name in STEPS)) throw new Error(`No step ${name}; there are ${Object.keys(STEPS)}.`);

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
const chromium = only.some((name) => name === 'gpu' || name === 'e2e') ? findChromium() : '';
const failures = /** @type {string[]} */ ([]);
const started = performance.now();
await Promise.all(lanesOf(only).map(runLane));
const failed = summarise();
process.exit(failed ? 1 : 0);

/**
 * What is asked for, in its lanes; where that is one alone, two share it.
 * @param {readonly string[]} steps
 */
function lanesOf(steps) {
  const lanes = LANES.map((lane) => lane.filter((step) => steps.includes(step))).filter(({ length }) => length > 0);
  const [alone] = lanes;
  if (alone === undefined || lanes.length > 1) return lanes;
  const waits = alone.some((name) => STEPS[name]?.needs !== undefined);
  return waits ? lanes : [0, 1].map((odd) => alone.filter((_, index) => index % 2 === odd));
}

/** @param {readonly string[]} lane */
async function runLane(lane) {
  for (const name of lane) {
    const step = /** @type {Step} */ (STEPS[name]);
    if (step.needs !== undefined && failures.includes(step.needs)) {
      failures.push(name);
      console.log(`FAILED ${name}: it needs ${step.needs}.`);
      continue;
    }
    const begun = performance.now();
    const { code, cpu, log } = await runStep(name, step);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${code === 0 ? 'ok' : 'FAILED'} ${name}: ${seconds} s, ${cpu} s of processor time`);
    if (code === 0) continue;
    failures.push(name);
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    console.error(`${lines.slice(-TAIL_LINES).join('\n')}\n(the end of ${log}, ${lines.length} lines)\n`);
  }
}

/**
 * Runs a step under a shell that knows the processor time of its children.
 * @param {string} name
 * @param {Step} step
 * @returns {Promise<{ code: number, cpu: string, log: string }>}
 */
function runStep(name, { command, env }) {
  const log = `${RESULTS}/${name}.log`;
  const file = createWriteStream(log);
  const child = spawn('sh', ['-c', '"$@"; code=$?; times >&3; exit $code', 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH, ...env, ...(chromium === '' ? {} : { STUDIO_CHROMIUM: chromium }), FORCE_COLOR: '0' },
  });
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(file, { end: false });
  let times = '';
  child.stdio[3]?.on('data', (chunk) => {
    times += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const [user = 0, system = 0] = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
        ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
      );
      file.end(() => resolve({ code: code ?? 1, cpu: (user + system).toFixed(0), log }));
    });
  });
}

/** Prints what the tests cost and how they ended; true if anything failed. */
function summarise() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const files = /** @type {import('./reporter.mjs').FileResult[]} */ ([]);
  for (const name of only) {
    const { report } = /** @type {Step} */ (STEPS[name]);
    if (report === undefined) continue;
    const found = readReport(report);
    for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) counts[key] += found[key];
    files.push(...found.testResults);
    if (found.passed + found.failed > 0) continue;
    console.error(`FAILED ${name}: no test ran.`);
    failures.push(name);
  }
  printCosts(files);
  if (counts.skipped > 0) console.error(`${counts.skipped} tests were skipped: a skipped test proves nothing.`);
  const wall = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${wall} s on ${cpus().length} processors${failures.length > 0 ? `; FAILED: ${failures.join(', ')}` : ''}`,
  );
  const failedTests = counts.failed + counts.skipped;
  console.log(`\n${counts.passed} passed, ${failures.length > 0 ? Math.max(1, failedTests) : failedTests} failed`);
  return failures.length > 0 || failedTests > 0;
}

/** @param {readonly import('./reporter.mjs').FileResult[]} files */
function printCosts(files) {
  const dearest = files.toSorted((a, b) => b.cpuMs - a.cpuMs);
  const line = (/** @type {import('./reporter.mjs').FileResult} */ { cpuMs, project, name }) =>
    `${(cpuMs / 1000).toFixed(1).padStart(7)} s  ${project.padEnd(13)}  ${name}`;
  if (dearest.length > 0)
    console.log(`\nProcessor time of the ten dearest test files:\n${dearest.slice(0, 10).map(line).join('\n')}`);
  const over = dearest.filter(({ cpuMs, project }) => cpuMs / 1000 > (BUDGETS[project] ?? 0));
  if (over.length === 0) return;
  console.error(`\nFAILED: over the budget of their project:\n${over.map(line).join('\n')}`);
  failures.push('budget');
}

/**
 * @param {string} path
 * @returns {Counts & { testResults: import('./reporter.mjs').FileResult[] }}
 */
function readReport(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    if (report.stats === undefined) return report;
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky, skipped, testResults: [] };
  } catch {
    return { passed: 0, failed: 0, skipped: 0, testResults: [] };
  }
}
