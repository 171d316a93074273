// @ts-check
// Checks the direction table with dependency-cruiser, and that dependency-cruiser saw the code at all:
// under an unsupported compiler it reports success over zero modules.
import { spawnSync } from 'node:child_process';

const run = spawnSync(
  'node_modules/.bin/depcruise',
  ['src', 'tools', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
  {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  },
);
/** @type {import('dependency-cruiser').ICruiseResult} */
const { summary, modules } = JSON.parse(run.stdout);
const own = modules.filter((module) => module.source.startsWith('src/')).length;
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
console.log(`boundaries: ${own} modules, ${summary.violations.length} violations`);
if (own < 20) {
  console.error('dependency-cruiser saw almost nothing: its compiler is not supported.');
  process.exit(1);
}
process.exit(summary.violations.length === 0 ? 0 : 1);
