// A training run as a real process that a signal ends: what it said, how it exited, and what is kept of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

export const WAYS = ['npm', 'wrapper', 'entry'] as const;
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** What stands between the terminal and the command. */
  readonly way: (typeof WAYS)[number];
  readonly signal: (typeof ENDING_SIGNALS)[number] | 'SIGKILL';
  /** `group`: all of them hear it at once, and again from one another, as of a Ctrl-C; `one`: the first process alone. */
  readonly whom: 'group' | 'one';
  /** Since it began to train. */
  readonly afterMs: number;
}

export interface Interrupted {
  /** As a shell has it: npm dies of the signal that its script was ended by. */
  readonly status: number;
  /** On standard error. */
  readonly said: string;
  /** Null where nothing is kept. */
  readonly kept: { readonly status: string; readonly step: number } | null;
}

/** The toy network on the smallest pair, on the processor; `entry` is the built command line. */
export function trainingOrder(out: string, steps: number): string[] {
  const toy = ['train', '--network', 'toy', '--size', '32x16', '--backend', 'cpu'];
  return [...toy, '--steps', String(steps), '--evaluate-every', '1000000', '--out', out];
}

/** `meanwhile` is called while it trains, before the signal. */
export async function interrupted(
  entry: string,
  { out, steps }: { readonly out: string; readonly steps: number },
  { way, signal, whom, afterMs }: Interruption,
  meanwhile: () => void = () => undefined,
): Promise<Interrupted> {
  const [command, ...before] = {
    npm: ['npm', 'run', '--silent', 'headless', '--'] as const,
    wrapper: [process.execPath, 'tools/build/launch.mjs', 'headless'] as const,
    entry: [process.execPath, entry] as const,
  }[way];
  const args = [...before, ...trainingOrder(out, steps)];
  // A group of its own, as a terminal makes one.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const whose = (child.pid ?? 0) * (whom === 'group' ? -1 : 1);
  const ended = statusOf(child);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    const begun = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => String(chunk).includes('steps/s') && resolve());
    });
    await Promise.race([begun, ended]);
    meanwhile();
    await Promise.race([pause(afterMs), ended]);
    for (let i = 0; i < 4 && isRunning(child); i++) {
      process.kill(whose, signal);
      await pause(i * 20);
    }
    return { status: await ended, said, kept: keptIn(out) };
  } finally {
    if (isRunning(child)) process.kill(-(child.pid ?? 0), 'SIGKILL');
  }
}

function keptIn(out: string): Interrupted['kept'] {
  try {
    const { summary } = JSON.parse(readFileSync(join(out, 'run', 'run.json'), 'utf8'));
    return { status: summary.status, step: summary.step };
  } catch {
    return null;
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** Once nobody writes to its output any more: what it started has ended, too. */
const statusOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
