// JSON that a person wrote: where it goes wrong, by line and column. The engines' own messages name a position only sometimes,
// and differently.

/** Text that is no JSON. Lines and columns count from 1. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(text: string, at: number) {
    const before = text.slice(0, at).split(/\r\n|\r|\n/);
    const column = (before.at(-1)?.length ?? 0) + 1;
    const found = at < text.length ? JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0)) : 'the end';
    super(`${found} is not expected at line ${before.length}, column ${column}`);
    this.name = 'JsonSyntaxError';
    this.line = before.length;
    this.column = column;
  }
}

/** As `JSON.parse`. Throws {@link JsonSyntaxError}. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonSyntaxError(text, firstErrorAt(text));
  }
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Deeper than any file means; keeps the call stack whole. */
const DEEPEST = 500;

/** Where the grammar of RFC 8259 stops to fit `text`, which is no JSON. */
function firstErrorAt(text: string): number {
  let at = 0;
  const token = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const mark = (sign: string): boolean => {
    token(SPACE);
    const found = text[at] === sign;
    if (found) at++;
    token(SPACE);
    return found;
  };
  const list = (end: string, item: () => boolean): boolean => {
    if (mark(end)) return true;
    do if (!item()) return false;
    while (mark(','));
    return mark(end);
  };
  const value = (depth: number): boolean => {
    if (depth > DEEPEST) return false;
    if (mark('{')) return list('}', () => token(STRING) && mark(':') && value(depth + 1));
    if (mark('[')) return list(']', () => value(depth + 1));
    return token(STRING) || token(PLAIN);
  };
  token(SPACE);
  if (value(0)) token(SPACE);
  return at;
}
