// @ts-check
// node tools/build/launch.mjs headless|bench|golden ...: builds the headless folder (about two seconds) unless it is newer than
// its sources, and runs one of its programs. It ends when the program does, with its status: signals are passed on and end
// nothing but the program.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { freshHeadless } from './buildHeadless.mjs';

const [program, ...args] = process.argv.slice(2);
const entry = join(dirname(await freshHeadless()), `${program}.mjs`);
const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGHUP', 'SIGINT', 'SIGTERM'])) {
  process.on(signal, () => child.kill(signal));
}
if (process.env.npm_lifecycle_event !== undefined) endWithParent();
child.on('close', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));

/** Between npm and this stands a shell that may die of a signal instead of passing it on. */
function endWithParent() {
  const { ppid } = process;
  const look = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(look);
    child.kill('SIGTERM');
  }, 250);
}
