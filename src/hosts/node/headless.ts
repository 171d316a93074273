// The command line: train, evaluate, inspect, list, tune. Others script against it; docs/ARCHITECTURE.md and `help` list what is stable.
import { ownEntry } from '../../domain/ownEntry.ts';
import { evaluateCommand } from './commands/evaluateCommand.ts';
import { HELP } from './commands/help.ts';
import { inspectCommand } from './commands/inspectCommand.ts';
import { listCommand } from './commands/listCommand.ts';
import { trainCommand } from './commands/trainCommand.ts';
import { tuneCommand } from './commands/tuneCommand.ts';
import { type Command, runCommand } from './runCommand.ts';

const commands: Readonly<Record<string, Command>> = {
  train: trainCommand,
  evaluate: evaluateCommand,
  inspect: inspectCommand,
  list: listCommand,
  tune: tuneCommand,
  help: async () => {
    console.log(HELP);
    return 0;
  },
};

const [name = 'help', ...args] = process.argv.slice(2);
const command = ownEntry(commands, name);
if (command === undefined) {
  console.error(`There is no command "${name}".\n\n${HELP}`);
  process.exit(2);
}
await runCommand(command, args);
