// @ts-check
// Compiles every room with the globals of its host, so that a room that reaches for what its host does not have does not
// compile; then the tests and the tools, against the rooms' declarations: nothing is checked twice. What has not changed since
// the last time is not checked again (.cache/types). The native compiler takes a fifth of the time; it goes by another name
// because dependency-cruiser needs the JavaScript one's API.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve('typescript-native/package.json')), 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [compiler, '--build', '--pretty', 'false', 'tsconfig.json'], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
