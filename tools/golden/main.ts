// npm run golden -- DIR: the golden runner as a command of its own.
import { runCommand } from '../../src/hosts/node/runCommand.ts';
import { goldenCommand } from './golden.ts';

await runCommand(goldenCommand, process.argv.slice(2));
