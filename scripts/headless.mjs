// npm run headless -- COMMAND ...: builds the headless host (about two seconds) and runs it.
import { spawn } from 'node:child_process';
import { buildHeadless } from './buildHeadless.mjs';

const entry = await buildHeadless();
const child = spawn(process.execPath, ['--enable-source-maps', entry, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
