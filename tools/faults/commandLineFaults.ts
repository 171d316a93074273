// Wrong command lines run in this process, one after another, and what each was told.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CITYSCAPES_CLASSES } from '../../src/domain/classes.ts';
import { openBackend } from '../../src/engine/backend/openBackend.ts';
import { networkEntry } from '../../src/engine/networks/registry.ts';
import { exportWeights } from '../../src/engine/training/weights.ts';
import { runCommandLine } from '../../src/hosts/node/commandLine.ts';
import { Interrupts } from '../../src/hosts/node/interrupts.ts';
import { greyPng, photoPng } from '../../src/testing/imageFiles.ts';
import {
  type BadCommandLine,
  badCommandLines,
  type GoodFiles,
  judge,
  placed,
  type Verdict,
} from './badCommandLines.ts';

export interface CommandLineFault {
  readonly line: BadCommandLine;
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly stderr: string;
}

/** Weights and a folder that commands take: what the lines break. */
export async function goodFiles(): Promise<GoodFiles> {
  await openBackend({ preference: 'cpu' });
  const network = networkEntry('toy').build({ seed: 5 });
  const weights = await exportWeights(network, { size: { width: 32, height: 16 }, classes: CITYSCAPES_CLASSES });
  network.dispose();
  const pairs = ['a', 'b', 'c'].flatMap((name, i): [string, Uint8Array][] => [
    [`images/${name}.png`, photoPng(32, 16, i)],
    [`labels/${name}_gtFine_labelTrainIds.png`, greyPng(32, 16, i)],
  ]);
  return { weights, set: Object.fromEntries(pairs), png: photoPng(8, 8) };
}

/** As {@link badCommandLines} draws them. */
export async function* commandLineFaults(seed: number, count?: number): AsyncGenerator<CommandLineFault> {
  for (const line of badCommandLines(seed, await goodFiles(), count)) {
    const found = await told(line);
    yield { line, verdict: judge(found, line), ...found };
  }
}

async function told(line: BadCommandLine): Promise<{ exitCode: number; stderr: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'bad-'));
  const { log, error } = console;
  const said: string[] = [];
  console.log = () => undefined;
  console.error = (text: unknown) => void said.push(String(text));
  try {
    const exitCode = await runCommandLine(placed(line, folder), new Interrupts(() => undefined));
    return { exitCode, stderr: said.join('\n') };
  } finally {
    Object.assign(console, { log, error });
    rmSync(folder, { recursive: true });
  }
}
