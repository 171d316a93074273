// Runs one command of a command line and gives its exit status: 0 done, 1 failed, 2 there is no such command or option, or a
// question is open that an option answers; 129, 130 or 143 if a signal ended it, with everything saved.
import { inspect } from 'node:util';
import { type ErrorCode, serialiseError } from '../../domain/errors.ts';
import { WrongUsage } from './commands/options.ts';
import { Interrupts } from './interrupts.ts';

/** Gets the arguments after its name, and what asks it to end; gives the exit status. */
export type Command = (args: readonly string[], interrupts: Interrupts) => Promise<number>;

/** What only the person can decide; the message has the candidates, the advice the option. */
const QUESTIONS: readonly ErrorCode[] = ['checkpoint.ambiguous'];

/** Something that the person must say before a command can do its work; the text says what, and with which option. */
export class OpenQuestion extends Error {
  constructor(path: string, text: string) {
    super(`${path}: ${text}`);
    this.name = 'OpenQuestion';
  }
}

/** Never returns: Dawn keeps a process alive as long as a device exists. */
export async function runCommand(command: Command, args: readonly string[]): Promise<never> {
  process.exit(await statusOf(command, args, beginProcess()));
}

/** What asks this process to end; whatever nobody catches is told as what it is. */
export function beginProcess(): Interrupts {
  process.on('uncaughtException', (error) => process.exit(told(error)));
  return new Interrupts(process.exit).listen();
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
  if (error instanceof WrongUsage) {
    console.error(`${error.message}\n\`help\` lists every option.`);
    return 2;
  }
  if (error instanceof OpenQuestion) {
    console.error(error.message);
    return 2;
  }
  const { code, message, advice, stack } = serialiseError(error);
  console.error(`${code}: ${message}\n${advice}`);
  if (code === 'internal.invariant') console.error(toSend(stack ?? inspect(error)));
  return QUESTIONS.includes(code) ? 2 : 1;
}

const VERSIONS = import.meta.glob<string>('../../../package.json', { eager: true, import: 'version' });

/** What somebody needs who is to find a defect. */
function toSend(stack: string): string {
  return [
    '',
    'Send this, with what you expected, to the issues of the repository that this came from:',
    `  UDAS Studio ${Object.values(VERSIONS).join()} (${process.env.STUDIO_COMMIT ?? 'no commit'}), Node ${process.version}, ${process.platform} ${process.arch}`,
    `  ${process.argv
      .slice(2)
      .map((word) => (/^[\w./:=,-]+$/.test(word) ? word : JSON.stringify(word)))
      .join(' ')}`,
    ...stack.split('\n').map((line) => `  ${line}`),
  ].join('\n');
}
