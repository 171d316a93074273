// The command line as a function: what was typed, to an exit status.
import { didYouMean } from '../../domain/nearest.ts';
import { ownEntry } from '../../domain/ownEntry.ts';
import { evaluateCommand } from './commands/evaluateCommand.ts';
import { HELP } from './commands/help.ts';
import { inspectCommand } from './commands/inspectCommand.ts';
import { listCommand } from './commands/listCommand.ts';
import { readOptions, WrongUsage } from './commands/options.ts';
import { trainCommand } from './commands/trainCommand.ts';
import { tuneCommand } from './commands/tuneCommand.ts';
import type { Interrupts } from './interrupts.ts';
import { type Command, statusOf } from './runCommand.ts';

const commands: Readonly<Record<string, Command>> = {
  train: trainCommand,
  evaluate: evaluateCommand,
  inspect: inspectCommand,
  list: listCommand,
  tune: tuneCommand,
  help: async (args) => {
    readOptions(args, {});
    console.log(HELP);
    return 0;
  },
};

/** Runs a command by its name; says on standard error what went wrong, if anything did. */
export function runCommandLine([name = 'help', ...args]: readonly string[], interrupts: Interrupts): Promise<number> {
  const command = ownEntry(commands, ['--help', '-h'].includes(name) ? 'help' : name);
  const unknown = async (): Promise<never> => {
    const names = Object.keys(commands);
    throw new WrongUsage(`There is no command "${name}". ${didYouMean(name, names)}There are: ${names.join(', ')}.`);
  };
  return statusOf(command ?? unknown, args, interrupts);
}
