// @ts-check
// Compiles every room with the globals of its host, so that a room that reaches for what its host does not have does not
// compile; then the tests and the tools, against the rooms' declarations: nothing is checked twice. What has not changed since
// the last time is not checked again (.cache/types).
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['tsc', '--build', '--pretty', 'false', 'tsconfig.json'], { stdio: 'inherit' });
process.exit(status ?? 1);
