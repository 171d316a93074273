// Runs golden vectors (values and gradients that PyTorch computed in float64) against the engine: `npm run golden -- DIR`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendName, DeviceInfo } from '../../src/domain/device.ts';
import { invariant, StudioError, serialiseError } from '../../src/domain/errors.ts';
import { closeBackend, openBackend } from '../../src/engine/backend/openBackend.ts';
import { readValues } from '../../src/engine/backend/readback.ts';
import * as tf from '../../src/engine/tf.ts';
import { openDawn } from '../../src/hosts/node/dawn.ts';
import { compare } from './cases/compare.ts';
import { GoldenCase, type GoldenExecutor, type GoldenResults, isRecord } from './cases/goldenCase.ts';
import { executorOf } from './cases/registry.ts';

export interface GoldenSummary {
  readonly passed: number;
  readonly failed: number;
  /** Names of the cases that no code here computes yet. */
  readonly notExpressible: readonly string[];
}

/**
 * Runs every case listed in `dir`/manifest.json, or those that `isWanted`, on TensorFlow.js's current backend and prints a
 * line for each; then what is not yet expressible, then the counts.
 */
export async function runCases(
  dir: string,
  print: (line: string) => void,
  isWanted: (name: string) => boolean = () => true,
): Promise<GoldenSummary> {
  let passed = 0;
  let failed = 0;
  const notExpressible: string[] = [];
  for (const { name, op } of listCases(dir).filter((entry) => isWanted(entry.name))) {
    const executor = executorOf(op);
    if (executor === undefined) {
      notExpressible.push(name);
      continue;
    }
    const problem = await problemWith(new GoldenCase(dir, name), executor);
    if (problem === null) passed += 1;
    else failed += 1;
    print(problem === null ? `ok ${name}` : `FAIL ${name} ${problem}`);
  }
  print(`not yet expressible (${notExpressible.length}): ${notExpressible.join(', ') || 'none'}`);
  print(`${passed} passed, ${failed} failed`);
  return { passed, failed, notExpressible };
}

/** Opens `backend` and runs the cases of `dir` on it. */
export async function runGolden(
  dir: string,
  backend: Extract<BackendName, 'webgpu' | 'cpu'>,
  print: (line: string) => void = console.log,
): Promise<GoldenSummary & { readonly device: DeviceInfo }> {
  const dawn = backend === 'webgpu' ? await openDawn() : null;
  if (dawn !== null) print(`Vulkan driver: ${dawn.driver}`);
  const device = await openBackend({
    preference: backend,
    gpu: dawn?.gpu,
    onTrouble: (error) => print(`${error.code}: ${error.message}`),
  });
  print(`backend: ${device.backend} ${device.adapter}`.trimEnd());
  const summary = await runCases(dir, print);
  closeBackend();
  return { ...summary, device };
}

/** The command line: DIR [--backend webgpu|cpu]. Returns the exit code. */
export async function goldenCommand(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { backend: { type: 'string', default: 'webgpu' } },
    });
    const [dir] = positionals;
    const { backend } = values;
    if (dir === undefined || (backend !== 'webgpu' && backend !== 'cpu')) {
      throw new StudioError(
        'config.invalid',
        'Usage: npm run golden -- DIR [--backend webgpu|cpu]',
        'Name the folder that holds manifest.json.',
      );
    }
    const { failed } = await runGolden(dir, backend);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    const { message, advice } = serialiseError(error);
    console.error(`${message}\n${advice}`);
    return 2;
  }
}

function listCases(dir: string): { name: string; op: string }[] {
  const manifest: unknown = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  invariant(isRecord(manifest) && Array.isArray(manifest.cases), () => `${dir}/manifest.json lists no cases.`);
  return manifest.cases.map((entry: unknown) => {
    invariant(isRecord(entry), () => `${dir}/manifest.json: a case is no object.`);
    return { name: String(entry.name), op: String(entry.op) };
  });
}

/** Null if every output and gradient of the case is right, else what is wrong. */
async function problemWith(golden: GoldenCase, executor: GoldenExecutor): Promise<string | null> {
  const before = tf.memory().numTensors;
  const problems: string[] = [];
  try {
    let results: GoldenResults = {};
    tf.tidy(() => {
      results = executor(golden);
      return Object.values(results).filter((result) => result instanceof tf.Tensor);
    });
    for (const expected of golden.tensors.values()) {
      if (expected.role !== 'output' && expected.role !== 'grad') continue;
      const result = results[expected.name];
      if (result === null) continue;
      if (result === undefined) {
        problems.push(`${expected.name} is not computed`);
        continue;
      }
      const { isOk, detail } = compare(result instanceof tf.Tensor ? await readValues(result) : result, expected);
      if (!isOk) problems.push(`${expected.name} ${detail}`);
    }
    tf.dispose(Object.values(results).filter((result) => result instanceof tf.Tensor));
  } catch (error) {
    problems.push(serialiseError(error).message.split('\n')[0] ?? '');
  }
  const leaked = tf.memory().numTensors - before;
  if (problems.length === 0 && leaked !== 0) problems.push(`leaves ${leaked} tensors behind`);
  return problems.length === 0 ? null : problems.join('; ');
}
