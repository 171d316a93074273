// Runs one command of a command line and gives its exit status: 0 done, 1 failed, 2 there is no such command or option, or a
// question is open that an option answers; 129, 130 or 143 if a signal ended it, with everything saved.
import { type ErrorCode, serialiseError } from '../../domain/errors.ts';
import { Interrupts } from './interrupts.ts';

/** Gets the arguments after its name, and what asks it to end; gives the exit status. */
export type Command = (args: readonly string[], interrupts: Interrupts) => Promise<number>;

/** What only the person can decide; the message has the candidates, the advice the option. */
const QUESTIONS: readonly ErrorCode[] = ['checkpoint.ambiguous'];

/** What `parseArgs` throws for an option that there is not, or that lacks its value. */
function isWrongOption(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

/** Something that the person must say before a command can do its work; the text says what, and with which option. */
export class OpenQuestion extends Error {
  constructor(path: string, text: string) {
    super(`${path}: ${text}`);
    this.name = 'OpenQuestion';
  }
}

/** Never returns: Dawn keeps a process alive as long as a device exists. */
export async function runCommand(command: Command, args: readonly string[]): Promise<never> {
  const interrupts = new Interrupts(process.exit).listen();
  process.exit(await statusOf(command, args, interrupts));
}

/** Says on standard error what went wrong, if anything did. */
export async function statusOf(command: Command, args: readonly string[], interrupts: Interrupts): Promise<number> {
  try {
    const status = await command(args, interrupts);
    return interrupts.status ?? status;
  } catch (error) {
    return told(error);
  }
}

function told(error: unknown): number {
  if (isWrongOption(error)) {
    console.error(`${error.message}\n\`help\` lists every option.`);
    return 2;
  }
  if (error instanceof OpenQuestion) {
    console.error(error.message);
    return 2;
  }
  const { code, message, advice, stack } = serialiseError(error);
  console.error(`${code}: ${message}\n${advice}`);
  if (code === 'internal.invariant') console.error(stack);
  return QUESTIONS.includes(code) ? 2 : 1;
}
