// How long a visitor waits for the first step: a process of its own, without compiled shaders or choices from earlier runs.
import { spawn } from 'node:child_process';
import { StudioError } from '../../src/domain/errors.ts';
import { runStep } from '../../src/engine/training/runStep.ts';
import { readMetrics } from '../../src/engine/training/trainer.ts';
import { openDevice } from '../../src/hosts/node/device.ts';
import { median } from './statistics.ts';
import { STEP_SCALE, type StepMethod, stepBatches, stepTrainer } from './stepSetup.ts';

const MARK = 'first step after';

/** What the process of its own does: opens the device, trains one step, says when it was done. */
export async function coldStart(method: StepMethod): Promise<void> {
  await openDevice('webgpu');
  const trainer = stepTrainer(method, STEP_SCALE, false);
  await runStep(trainer, stepBatches(STEP_SCALE));
  await readMetrics(trainer);
  console.log(`${MARK} ${performance.now()}`); // the clock starts with the process
}

/** Milliseconds from the start of a process to the end of its first step. */
export interface ColdStart {
  /** The first visit: the driver compiles every shader. */
  readonly coldMs: number;
  /** Another visit: the driver may find them on its disk. */
  readonly againMs: number;
}

/** Medians of `runs`. */
export async function measureColdStart(method: StepMethod, runs: number): Promise<ColdStart> {
  const cold: number[] = [];
  const again: number[] = [];
  await oneColdStart(method, {}); // fills the driver's cache
  for (let i = 0; i < runs; i++) {
    cold.push(await oneColdStart(method, NO_SHADER_CACHE));
    again.push(await oneColdStart(method, {}));
  }
  return { coldMs: median(cold), againMs: median(again) };
}

/** Drivers keep compiled shaders on disk: Mesa's and NVIDIA's are told not to. */
const NO_SHADER_CACHE = { MESA_SHADER_CACHE_DISABLE: 'true', __GL_SHADER_DISK_CACHE: '0' };

function oneColdStart(method: StepMethod, environment: NodeJS.ProcessEnv): Promise<number> {
  const [script = ''] = process.argv.slice(1);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, '--cold-start', method], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => {
      const match = new RegExp(`${MARK} ([\\d.]+)`).exec(output);
      if (match === null) {
        reject(
          new StudioError('internal.invariant', `A process of its own made no step: ${output}`, 'See its messages.'),
        );
      } else resolve(Number(match[1]));
    });
  });
}
