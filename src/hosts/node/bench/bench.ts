// The benchmark's command line: ours against stock TensorFlow.js and jax-js, in one process on one adapter, interleaved.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { serialiseError } from '../../../domain/errors.ts';
import { readInteger } from '../arguments.ts';
import { openDevice } from '../device.ts';
import type { BenchDefinition } from './benchCase.ts';
import { convCases } from './convCases.ts';
import { deepLabLayers, liteLayers } from './convLayers.ts';
import { type BenchResult, runCase } from './runCase.ts';
import { benchStep, STEP_METHODS, type StepResult } from './stepBench.ts';
import { caseHeader, caseRow, stepHeader, stepRows } from './table.ts';

const OPTIONS = {
  only: { type: 'string', multiple: true },
  rounds: { type: 'string', default: '7' },
  json: { type: 'string' },
  'with-jax': { type: 'boolean', default: false },
} as const;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const { only = [] } = values;
  const rounds = readInteger('rounds', values.rounds, 1, 1000);
  const device = await openDevice('webgpu');
  const wanted = (definition: BenchDefinition): boolean =>
    only.length === 0 ||
    only.some((name) => `${definition.suite}/${definition.name}/${definition.pass}`.includes(name));
  const definitions = [...convCases('conv-lite', liteLayers()), ...convCases('conv-deeplab', deepLabLayers())].filter(
    wanted,
  );
  const options = { rounds, sampleMs: 5, nowMs: () => performance.now() };
  const steps: StepResult[] = [];
  const methods = STEP_METHODS.filter(
    (method) => only.length === 0 || only.some((name) => `step/${method}`.includes(name)),
  );
  if (methods.length > 0) console.log(stepHeader());
  for (const method of methods) {
    const result = await benchStep(method, options);
    for (const line of stepRows(result)) console.log(line);
    steps.push(result);
  }
  const results: BenchResult[] = [];
  if (definitions.length > 0) console.log(caseHeader());
  for (const definition of definitions) {
    const result = await runCase(definition, { ...options, withJax: values['with-jax'] });
    console.log(caseRow(result));
    results.push(result);
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ device, rounds, steps, results }, null, 1)}\n`);
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const { code, message, advice, stack } = serialiseError(error);
  console.error(`${code}: ${message}\n${advice}`);
  if (code === 'internal.invariant') console.error(stack);
  process.exit(1);
}
