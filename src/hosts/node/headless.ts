// The command line: train, evaluate, golden, tune. Others script against it; docs/ARCHITECTURE.md and `help` list what is stable.
import { serialiseError } from '../../domain/errors.ts';
import { evaluateCommand } from './evaluateCommand.ts';
import { goldenCommand } from './golden.ts';
import { HELP } from './help.ts';
import { trainCommand } from './trainCommand.ts';
import { tuneCommand } from './tuneCommand.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  train: trainCommand,
  evaluate: evaluateCommand,
  golden: goldenCommand,
  tune: tuneCommand,
  help: async () => {
    console.log(HELP);
    return 0;
  },
};

const [name = 'help', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.error(`There is no command "${name}".\n\n${HELP}`);
  process.exit(2);
}
try {
  const status = await command(args);
  // Dawn keeps the process alive as long as a device exists.
  process.exit(status);
} catch (error) {
  const { code, message, advice, stack } = serialiseError(error);
  console.error(`${code}: ${message}\n${advice}`);
  if (code === 'internal.invariant') console.error(stack);
  process.exit(1);
}
