// @ts-check
// node tools/build/launch.mjs headless|bench|golden ...: builds the headless folder (about two seconds) and runs one of its programs.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { buildHeadless } from './buildHeadless.mjs';

const [program, ...args] = process.argv.slice(2);
const entry = join(dirname(await buildHeadless()), `${program}.mjs`);
const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
