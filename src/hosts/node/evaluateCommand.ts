// npm run headless -- evaluate: scores stored weights on every labelled image of a folder.
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { StudioError } from '../../domain/errors.ts';
import { scoresOf } from '../../domain/metrics.ts';
import { evaluate } from '../../engine/training/evaluate.ts';
import { loadNetwork } from '../../engine/training/weights.ts';
import { validationOf } from '../../session/validation.ts';
import { readChoice, readSize } from './arguments.ts';
import { openDevice } from './device.ts';
import { FolderDatasets } from './folderDatasets.ts';
import { scoresToJson } from './report.ts';
import { scoreTable } from './scoreTable.ts';

const OPTIONS = {
  weights: { type: 'string' },
  target: { type: 'string' },
  size: { type: 'string', default: '128x64' },
  backend: { type: 'string', default: 'auto' },
  out: { type: 'string' },
} as const;

export async function evaluateCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  const { weights, target, out } = values;
  if (weights === undefined || target === undefined) {
    throw new StudioError('config.invalid', 'evaluate needs --weights and --target.', 'Give both.');
  }
  const datasets = new FolderDatasets(readSize('size', values.size));
  const source = await datasets.source(await datasets.add(target, { holdOut: 0, onlyValidation: true }));
  await openDevice(readChoice('backend', values.backend, ['auto', 'webgpu', 'webgl', 'cpu']));
  const network = loadNetwork(new Uint8Array(await readFile(weights)));
  const { images, confusion } = await evaluate(
    (x) => network.forward(x, 'evaluate'),
    validationOf(source, 0).batches(true),
    0,
  );
  const scores = scoresOf(confusion);
  if (out !== undefined) {
    const report = { weights, target, images, ...scoresToJson(scores), confusion: [...confusion] };
    writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  }
  console.log(scoreTable({ trained: scores }));
  console.log(`${images} images`);
  return 0;
}
