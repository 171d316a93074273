// The benchmark's command line: ours against stock TensorFlow.js and jax-js, in one process on one adapter, interleaved.
// How to read what it prints: docs/bench.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { DeviceInfo } from '../../src/domain/device.ts';
import { serialiseError } from '../../src/domain/errors.ts';
import { lite } from '../../src/engine/networks/lite.ts';
import { readChoice, readInteger } from '../../src/hosts/node/commands/arguments.ts';
import { openDevice } from '../../src/hosts/node/device.ts';
import { barsOf } from './bars.ts';
import { type ColdStart, coldStart, measureColdStart } from './coldStart.ts';
import { convCases } from './convCases.ts';
import { deepLabLayers, liteLayers } from './convLayers.ts';
import { type MachinePeak, machinePeak } from './machinePeak.ts';
import { opCases, STEP_SCALE } from './opCases.ts';
import { rooflineTable } from './roofline.ts';
import { type BenchResult, type RunOptions, runCase } from './runCase.ts';
import { benchStep, type StepResult } from './stepBench.ts';
import { STEP_METHODS } from './stepSetup.ts';
import { summariesOf } from './summary.ts';
import { barRow, caseHeader, caseRow, coldStartRow, stepHeader, stepRows, summaryRows } from './table.ts';

const OPTIONS = {
  only: { type: 'string', multiple: true },
  rounds: { type: 'string', default: '9' },
  json: { type: 'string' },
  roofline: { type: 'string' },
  'with-jax': { type: 'boolean', default: false },
  'cold-start': { type: 'string' },
} as const;

const SAMPLE_MS = 5;
const COLD_STARTS = 3;

interface Findings {
  readonly device: DeviceInfo;
  readonly startedAt: string;
  readonly rounds: number;
  readonly peak: MachinePeak;
  readonly coldStart: ColdStart | null;
  readonly steps: StepResult[];
  readonly cases: BenchResult[];
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  if (values['cold-start'] !== undefined) {
    await coldStart(readChoice('cold-start', values['cold-start'], STEP_METHODS));
    return 0;
  }
  const rounds = readInteger('rounds', values.rounds, 1, 1000);
  const { only = [] } = values;
  const isWanted = (key: string): boolean => only.length === 0 || only.some((name) => key.includes(name));
  const startedAt = new Date().toISOString();
  const firstSteps = isWanted('cold-start') ? await measureColdStart('adversarial', COLD_STARTS) : null;
  if (firstSteps !== null) console.log(coldStartRow(firstSteps));
  const device = await openDevice('webgpu');
  const options = { rounds, sampleMs: SAMPLE_MS, nowMs: () => performance.now(), withJax: values['with-jax'] };
  const peak = await machinePeak(device.software, options);
  console.log(`Peaks: ${peak.gigaflops.toFixed(1)} GFLOP/s, ${peak.gigabytesPerSecond.toFixed(1)} GB/s`);
  const findings: Findings = { device, startedAt, rounds, peak, coldStart: firstSteps, steps: [], cases: [] };
  const save = (): void => {
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(findings, null, 1)}\n`);
  };
  await benchSteps(findings, isWanted, options, save);
  await benchCases(findings, isWanted, options, save);
  save();
  if (values.roofline !== undefined) {
    const layers = findings.cases.filter(({ suite }) => suite === 'conv-lite');
    writeFileSync(values.roofline, rooflineTable(layers, peak, device.adapter));
  }
  printBars(findings);
  return 0;
}

async function benchSteps(
  findings: Findings,
  isWanted: (key: string) => boolean,
  options: RunOptions,
  save: () => void,
): Promise<void> {
  const methods = STEP_METHODS.filter((method) => isWanted(`step/${method}`));
  if (methods.length > 0) console.log(stepHeader());
  for (const method of methods) {
    const result = await benchStep(method, options);
    for (const line of stepRows(result)) console.log(line);
    findings.steps.push(result);
    save();
  }
}

async function benchCases(
  findings: Findings,
  isWanted: (key: string) => boolean,
  options: RunOptions,
  save: () => void,
): Promise<void> {
  const definitions = [
    ...convCases('conv-lite', liteLayers()),
    ...opCases({ ...STEP_SCALE, parameters: liteShapes() }),
    ...convCases('conv-deeplab', deepLabLayers()),
  ].filter(({ suite, name, pass }) => isWanted(`${suite}/${name}/${pass}`));
  if (definitions.length > 0) console.log(caseHeader());
  for (const definition of definitions) {
    const result = await runCase(definition, options);
    console.log(caseRow(result));
    findings.cases.push(result);
    save();
  }
}

/** Of every trainable array of `lite`. */
function liteShapes(): number[][] {
  const network = lite.build({ seed: 1 });
  const shapes = network.parameters.map(({ variable }) => [...variable.shape]);
  network.dispose();
  return shapes;
}

function printBars({ steps, cases, coldStart: firstSteps }: Findings): void {
  for (const line of summaryRows(summariesOf(cases))) console.log(line);
  const longest = Math.max(...cases.map(({ dispatches }) => dispatches?.longestMs ?? 0));
  if (longest > 0) console.log(`Longest dispatch of ours in a case: ${longest.toFixed(1)} ms`);
  const step = steps.find(({ method }) => method === 'adversarial');
  const filterGradientRatios = cases
    .filter(({ pass }) => pass === 'to filter')
    .map(({ stockMs, oursMs }) => stockMs / oursMs);
  const input = { steps: step?.steps ?? [], filterGradientRatios, coldStartMs: firstSteps?.coldMs ?? null };
  for (const bar of barsOf(input)) console.log(barRow(bar));
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const { code, message, advice, stack } = serialiseError(error);
  console.error(`${code}: ${message}\n${advice}`);
  if (code === 'internal.invariant') console.error(stack);
  process.exit(1);
}
