// Text files that a person wrote, as editors on every system save them: UTF-8 or UTF-16, with or without a byte order mark.
import { readFile } from 'node:fs/promises';
import { StudioError } from '../../../domain/errors.ts';
import { JsonSyntaxError, parseJson } from '../../../domain/jsonText.ts';
import { textEncodingOf } from '../../../domain/textBytes.ts';
import { readError } from './fileErrors.ts';

/** Throws `data.not-found`, `data.unreadable-file`, and `config.invalid` for bytes that are no text. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  const encoding = textEncodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    const advice = 'Save it as UTF-8.';
    throw new StudioError('config.invalid', `${path} is no text in ${encoding}.`, advice, { key: path }, error);
  }
}

/** As {@link readText}, and throws `config.invalid` with line and column for what is no JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { message, line, column } = error;
    throw new StudioError(
      'config.invalid',
      `${path} is no JSON: ${message}.`,
      'Correct it there: often a comma too many, or an end that is missing.',
      { key: path, line, column },
      error,
    );
  }
}
