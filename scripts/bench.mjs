// npm run bench -- [--only NAME] [--rounds N] [--json F] [--with-jax]: builds the headless folder and runs its benchmark.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { buildHeadless } from './buildHeadless.mjs';

const entry = join(dirname(await buildHeadless()), 'bench.mjs');
const child = spawn(process.execPath, ['--enable-source-maps', entry, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
