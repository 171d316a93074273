// What a person says about a drop on the command line: `--coding`, `--ignore`, `--photos`, `--labels-in`, with a prefix where a
// command takes several folders (`--target-coding`).
import { basename } from 'node:path';
import { TABLE_PREFIX } from '../../../data/codings/core/ownTable.ts';
import { CODINGS } from '../../../data/codings/registry.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { ImportChoices } from '../../../domain/importing.ts';
import { readText } from '../storage/textFile.ts';
import { readInteger } from './arguments.ts';

const NAMES = ['coding', 'ignore', 'photos', 'labels-in'] as const;
type ChoiceName = (typeof NAMES)[number];
type Prefixed<Prefix extends string> = `${Prefix}${ChoiceName}`;

/** Options for `parseArgs`. */
export function choiceOptions<Prefix extends string>(prefix: Prefix): Record<Prefixed<Prefix>, { type: 'string' }> {
  const entries = NAMES.map((name) => [`${prefix}${name}`, { type: 'string' }] as const);
  return Object.fromEntries(entries) as Record<Prefixed<Prefix>, { type: 'string' }>;
}

/** Reads them. Throws `config.invalid`, and as `readText` for a table that cannot be read. */
export async function readChoices<Prefix extends string>(
  prefix: Prefix,
  values: Readonly<Partial<Record<Prefixed<Prefix>, string | undefined>>>,
): Promise<ImportChoices> {
  const given = (name: ChoiceName): string | undefined => values[`${prefix}${name}`];
  const [coding, ignore, photos, labelsIn] = NAMES.map(given);
  return {
    ...(coding === undefined ? {} : await codingChoice(`${prefix}coding`, coding)),
    ...(ignore === undefined ? {} : { ignore: readInteger(`${prefix}ignore`, ignore, 0, 255) }),
    ...(photos === undefined ? {} : { photos }),
    ...(labelsIn === undefined ? {} : { labelsIn }),
  };
}

/** A coding's id, that of a table in the folder, or a file with a table of one's own. */
async function codingChoice(option: string, given: string): Promise<ImportChoices> {
  if (CODINGS.some(({ id }) => id === given) || given.startsWith(TABLE_PREFIX)) return { coding: given };
  if (!/[./\\]/.test(given)) {
    throw new StudioError(
      'config.invalid',
      `--${option} ${given} is no coding.`,
      `Give one of ${CODINGS.map(({ id }) => id).join(', ')}, or a file with a table of your own (JSON or CSV).`,
      { key: option, value: given },
    );
  }
  return { table: { name: basename(given), text: await readText(given) } };
}
