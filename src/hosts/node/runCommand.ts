// Runs one command of a command line and ends the process with its status: 0 done, 1 failed, 2 there is no such command.
import { serialiseError } from '../../domain/errors.ts';

/** Gets the arguments after its name and gives the exit status. */
export type Command = (args: readonly string[]) => Promise<number>;

/** Never returns: Dawn keeps a process alive as long as a device exists. */
export async function runCommand(command: Command, args: readonly string[]): Promise<never> {
  try {
    process.exit(await command(args));
  } catch (error) {
    const { code, message, advice, stack } = serialiseError(error);
    console.error(`${code}: ${message}\n${advice}`);
    if (code === 'internal.invariant') console.error(stack);
    process.exit(1);
  }
}
