// Text files that a person wrote, as editors on every system save them: UTF-8 or UTF-16, with or without a byte order mark.

/** By the byte order mark (Unicode 16, table 23-9); without one by which half of the first character is zero, as ASCII's is. */
export function textEncodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** The text of a file, without its mark; what is no text comes with replacement characters. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder(textEncodingOf(bytes)).decode(bytes);
