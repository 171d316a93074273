// One training run ended by one signal after another and given again each time: whether each save held, and whether the run
// that was cut so often ends with the weights of one that was left alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '../../src/domain/rng.ts';
import { ENDING_SIGNALS, interrupted, trainingOrder, WAYS } from './interruption.ts';

export interface SignalFault {
  readonly what: string;
  /** Something was kept before and is not any more, or was trained and should have been kept. */
  readonly isLost: boolean;
  readonly isTold: boolean;
  /** For reading. */
  readonly found: string;
}

const SIGNALS = [...ENDING_SIGNALS, 'SIGKILL'] as const;

/** `tries` signals drawn from `seed`, then the comparison. `entry` is the built command line. */
export async function* signalFaults(
  seed: number,
  tries: number,
  entry: string,
  steps = 300,
): AsyncGenerator<SignalFault> {
  const random = new RandomStream(seed, 'signals');
  const folder = mkdtempSync(join(tmpdir(), 'signals-'));
  const weights = (name: string): Uint8Array => readFileSync(join(folder, name, 'weights.safetensors'));
  const toItsEnd = (name: string): void => {
    const args = [entry, ...trainingOrder(join(folder, name), steps)];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  try {
    toItsEnd('whole');
    let before = 0;
    for (let i = 0; i < tries; i++) {
      const way = WAYS[random.integer(WAYS.length)] ?? 'entry';
      const signal = SIGNALS[random.integer(SIGNALS.length)] ?? 'SIGINT';
      const out = join(folder, 'cut');
      const { status, said, kept } = await interrupted(
        entry,
        { out, steps },
        { way, signal, whom: 'group', afterMs: random.uniform(100, 1500) },
      );
      const step = kept?.step ?? 0;
      const isKill = signal === 'SIGKILL';
      const isWhole = kept?.status === 'finished' || (kept?.status === 'paused' && step > before);
      yield {
        what: `${signal} through ${way}`,
        isLost: isKill ? step < before : !isWhole,
        isTold: isKill || status === 0 || said.includes(': saving what was done'),
        found: `status ${status}, ${kept?.status ?? 'nothing kept'} at step ${step} after ${before}`,
      };
      before = step;
      if (kept?.status === 'finished') break;
    }
    toItsEnd('cut');
    const isEqual = Buffer.compare(weights('cut'), weights('whole')) === 0;
    const stray = readdirSync(join(folder, 'cut', 'run')).filter((name) => name.startsWith('.'));
    const found = `weights ${isEqual ? 'equal' : 'differ'}, ${stray.length} stray files`;
    yield { what: 'the end', isLost: !isEqual || stray.length > 0, isTold: true, found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
