// Reads a command's options: what is not one, is there twice or says nothing is refused, with the nearest option that there is.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../../../domain/nearest.ts';
import { ownEntry } from '../../../domain/ownEntry.ts';

/** What was typed is no command or option, or lacks its value. */
export class WrongUsage extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'WrongUsage';
  }
}

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** As `parseArgs`; throws {@link WrongUsage}. */
export function readOptions<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
  allowPositionals = false,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options; allowPositionals: boolean }>> {
  refuseSlips(args, options);
  try {
    return parseArgs({ args: [...args], options, allowPositionals });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'))) throw error;
    throw new WrongUsage(error.message);
  }
}

function refuseSlips(args: readonly string[], options: OptionsConfig): void {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = ownEntry<OptionsConfig[string]>(options, name);
    if (option === undefined) {
      const known = Object.keys(options).map((key) => `--${key}`);
      throw new WrongUsage(`There is no option ${rawName}. ${didYouMean(`--${name}`, known)}`.trimEnd());
    }
    if (option.multiple !== true && seen.has(name)) throw new WrongUsage(`${rawName} is given twice.`);
    if (option.type === 'string' && value === '') throw new WrongUsage(`${rawName} is empty.`);
    seen.add(name);
  }
}
