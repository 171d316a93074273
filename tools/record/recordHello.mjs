// @ts-check
// npm run record:hello: writes what the worker says of itself to src/studio/fake/hello.json, which the fake worker repeats.
// Needed when a fake scene is to show something newer than the recording; nothing else depends on how old it is.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport } from 'vite';

const root = join(import.meta.dirname, '..', '..');
const { module } = await runnerImport(join(root, 'tools/record/hello.ts'), {
  root,
  configFile: false,
  logLevel: 'warn',
  resolve: { dedupe: ['@tensorflow/tfjs-core'] },
});
const { protocolVersion, datasets, runs, unreadableRuns, ...said } = await module.askHello();
const file = join(root, 'src/studio/fake/hello.json');
writeFileSync(file, JSON.stringify(said, null, 2));
spawnSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' });
console.log(
  `${said.methods.length} methods, ${said.networks.length} networks, ${said.recipes.length} recipes in ${file}`,
);
