// Commands write no file of their own: what is taken home is declared, and so it is in the list of what there is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXPORTS, exportsOf } from './registry.ts';

const COMMANDS = 'src/hosts/node/commands';
const sources = readdirSync(COMMANDS).filter((file) => !file.endsWith('.test.ts'));

test.each(sources)('%s writes nothing but exports', (file) => {
  expect(readFileSync(join(COMMANDS, file), 'utf8')).not.toMatch(
    /\b(writeWhole|writeFile|writeFileSync|createWriteStream)\b/,
  );
});

test('no two exports of one subject write one file', () => {
  for (const subject of new Set(EXPORTS.map(({ of }) => of))) {
    const names = exportsOf(subject).map(({ fileName }) => fileName);
    expect(new Set(names).size).toBe(names.length);
  }
});

test('an ablation keeps the fields that people read it by, and says at which size it was scored', () => {
  const scores = { mIoU: 50, aAcc: 60, iou: [50], classesCounted: 1, pixels: 4 };
  const result = { seed: 1, stage: 's', rung: 'st', labels: null, validation: scores, test: null };
  const [ablation] = exportsOf('recipe');
  expect(JSON.parse(String(ablation!.contents({ ablation: [result] })))).toEqual([{ ...result, scoredAt: 'tiles' }]);
});
