// The golden case of weight files: every number format of a safetensors file, decoded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../../../src/domain/errors.ts';
import { readSafetensors } from '../../../src/engine/weightFiles/safetensors.ts';
import type { GoldenCase, GoldenResults } from './goldenCase.ts';

export function runSafetensors(golden: GoldenCase): GoldenResults {
  const file = readSafetensors(Uint8Array.from(readFileSync(join(golden.folder, golden.text('file')))));
  return Object.fromEntries(
    Object.entries(golden.record('names')).map(([name, stored]) => {
      const found = file.tensors.get(String(stored));
      invariant(found !== undefined, () => `${golden.text('file')} has no tensor ${stored}.`);
      return [name, found.values];
    }),
  );
}
