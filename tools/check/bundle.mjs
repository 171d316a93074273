// @ts-check
// What the built studio makes a browser load, gzipped, against budgets: the scripts before anything is lazy, and the worker.
//   node tools/check/bundle.mjs (after `npm run build`)
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const studio = 'dist/studio';
const html = readFileSync(join(studio, 'index.html'), 'utf8');
// Vite names the static imports of the first script as preloads; what is imported later is not among them.
const first = [...html.matchAll(/<(?:script|link rel="modulepreload")[^>]*(?:src|href)="([^"]+\.js)"/g)].map(
  ([, path]) => path ?? '',
);
const workers = readdirSync(join(studio, 'assets')).filter((name) => /^worker-.*\.js$/.test(name));

const parts = [
  { name: 'first scripts', budgetKb: 300, files: first },
  { name: 'worker', budgetKb: 580, files: workers.map((name) => `assets/${name}`) },
];
let isOver = false;
for (const { name, budgetKb, files } of parts) {
  const kb = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(studio, file))).length, 0) / 1000;
  const fits = files.length > 0 && kb <= budgetKb;
  isOver ||= !fits;
  console.log(
    `${fits ? 'ok' : 'FAIL'} ${name}: ${kb.toFixed(1)} kB gzipped of ${budgetKb} (${files.join(', ') || 'no file'})`,
  );
}
process.exit(isOver ? 1 : 0);
