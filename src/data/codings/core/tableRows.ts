// The rows of a table that a person or a tool wrote: which value or colour is which class. JSON, CSV (comma, semicolon or tab), the
// labelmap.txt of CVAT and VOC, and Datumaro's dataset_meta.json.
import { StudioError } from '../../../domain/errors.ts';
import { JsonSyntaxError, parseJson } from '../../../domain/jsonText.ts';
import { ownEntry } from '../../../domain/ownEntry.ts';
import type { Rgb } from './coding.ts';

export interface TableRow {
  /** Counted from 1; null in JSON. */
  readonly line: number | null;
  readonly value: number | null;
  readonly rgb: Rgb | null;
  readonly name: string;
}

const ADVICE =
  'Give JSON like {"7": "road", "128,64,128": "road"} or CSV lines like "7,road" or "128,64,128,road"; call a class "ignore" to leave it out.';

export function badTable(file: string, line: number | null, what: string): StudioError {
  const where = line === null ? file : `${file}, line ${line}`;
  return new StudioError('config.invalid', `${where}: ${what}`, ADVICE, { key: 'coding', file, line: line ?? 0 });
}

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
const rgbOf = (parts: readonly unknown[]): Rgb | null => {
  const [red, green, blue] = parts.map(Number);
  if (parts.length < 3 || red === undefined || green === undefined || blue === undefined) return null;
  return [red, green, blue].every(isByte) ? [red, green, blue] : null;
};

/** `#804080`, `128,64,128`, `128 64 128` or `(128, 64, 128)`; null for anything else. */
function colourOf(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) return rgbOf([0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  const numbers = /^[([]?\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*[)\]]?$/.exec(text.trim());
  return numbers === null ? null : rgbOf(numbers.slice(1));
}

/** Rows of any of the formats. Throws `config.invalid` naming the line where it can be told. */
export function tableRows(text: string, file: string): readonly TableRow[] {
  const plain = text.replace(/^\uFEFF/, '');
  if (/^\s*[[{]/.test(plain)) return jsonRows(parsed(plain, file), file);
  const lines = plain.split(/\r\n|\r|\n/).map((line, index) => ({ line: index + 1, text: line.trim() }));
  const told = lines.filter((each) => each.text !== '' && !/^#(\s|$)/.test(each.text));
  if (told.some((each) => /^[^:,;\t]+:\d+,\s*\d+,\s*\d+:/.test(each.text))) {
    return told.map((each) => labelmapRow(each, file));
  }
  return csvRows(told, file);
}

function parsed(text: string, file: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw badTable(file, error.line, `is no JSON (${error.message}).`);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonRows(json: unknown, file: string): readonly TableRow[] {
  if (Array.isArray(json)) return json.map((entry, index) => jsonRow(String(index), entry, file));
  if (!isObject(json)) throw badTable(file, null, 'holds neither an object nor a list.');
  const { label_map: labelMap, segmentation_colors: colours, classes } = json;
  if (Array.isArray(classes)) return jsonRows(classes, file);
  if (isObject(labelMap)) {
    return Object.entries(labelMap).map(([value, name], index) => ({
      ...jsonRow(value, name, file),
      rgb: Array.isArray(colours) && Array.isArray(colours[index]) ? rgbOf(colours[index]) : null,
    }));
  }
  return Object.entries(json).map(([key, entry]) => jsonRow(key, entry, file));
}

/** `"7": "road"`, `"128,64,128": "road"`, `"road": 7`, `"road": [128, 64, 128]`, or an object with a name. */
function jsonRow(key: string, entry: unknown, file: string): TableRow {
  const keyed = { line: null, value: numberIn(key), rgb: colourOf(key) };
  if (entry === null) return { ...keyed, name: 'ignore' };
  if (typeof entry === 'string') return { ...keyed, name: entry };
  if (typeof entry === 'number') return { line: null, value: entry, rgb: null, name: key };
  if (Array.isArray(entry)) return { line: null, value: null, rgb: rgbOf(entry), name: key };
  if (!isObject(entry)) throw badTable(file, null, `"${key}" is no class.`);
  const name = entry.name ?? entry.class ?? entry.label ?? entry.title;
  if (typeof name !== 'string') throw badTable(file, null, `the entry "${key}" has no name.`);
  const colour = entry.color ?? entry.colour ?? entry.rgb;
  const rgb = Array.isArray(colour) ? rgbOf(colour) : typeof colour === 'string' ? colourOf(colour) : null;
  const value = entry.value ?? entry.id ?? entry.index;
  return { line: null, name, value: typeof value === 'number' ? value : keyed.value, rgb: rgb ?? keyed.rgb };
}

const numberIn = (text: string): number | null => (/^\d+$/.test(text.trim()) ? Number(text) : null);

interface Line {
  readonly line: number;
  readonly text: string;
}

/** `name:r,g,b:parts:actions`. */
function labelmapRow({ line, text }: Line, file: string): TableRow {
  const [name = '', colour = ''] = text.split(':');
  const rgb = colourOf(colour);
  if (name === '' || rgb === null) throw badTable(file, line, `"${text}" is no line like "road:128,64,128::".`);
  return { line, value: null, rgb, name };
}

const COLUMNS: Readonly<Record<string, string>> = {
  ...{ value: 'value', id: 'value', index: 'value', label_id: 'value', labelid: 'value', trainid: 'value' },
  ...{ name: 'name', class: 'name', label: 'name', title: 'name', class_name: 'name' },
  ...{ r: 'red', red: 'red', g: 'green', green: 'green', b: 'blue', blue: 'blue' },
  ...{ color: 'colour', colour: 'colour', rgb: 'colour', hex: 'colour' },
};

function csvRows(lines: readonly Line[], file: string): readonly TableRow[] {
  const first = lines[0]?.text ?? '';
  const separator = ['\t', ';', ','].find((each) => first.includes(each)) ?? ',';
  const cells = (text: string): string[] =>
    text.split(separator).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
  const columns = cells(first).map((cell) => ownEntry(COLUMNS, cell.toLowerCase()) ?? null);
  const hasHeader = columns.includes('name') && columns.filter((column) => column !== null).length > 1;
  return (hasHeader ? lines.slice(1) : lines).map(({ line, text }) =>
    hasHeader ? namedRow(cells(text), columns, line, file) : bareRow(cells(text), line, file),
  );
}

function namedRow(cells: readonly string[], columns: readonly (string | null)[], line: number, file: string): TableRow {
  const at = (column: string): string => cells[columns.indexOf(column)] ?? '';
  const name = at('name');
  const value = numberIn(at('value'));
  const rgb = columns.includes('red') ? rgbOf([at('red'), at('green'), at('blue')]) : colourOf(at('colour'));
  if (name === '' || (value === null && rgb === null))
    throw badTable(file, line, 'has no class, or no value or colour.');
  return { line, value, rgb, name };
}

/** Without a header: numbers before or after a name; one is a value, three are a colour, four are both. */
function bareRow(cells: readonly string[], line: number, file: string): TableRow {
  const name = cells.find((cell) => cell !== '' && numberIn(cell) === null && colourOf(cell) === null);
  const numbers = cells.flatMap((cell) => numberIn(cell) ?? []);
  const colour = cells.flatMap((cell) => (cell.startsWith('#') ? [colourOf(cell)] : []))[0] ?? null;
  const rgb = colour ?? (numbers.length >= 3 ? rgbOf(numbers.slice(-3)) : null);
  const value = numbers.length === 1 || numbers.length === 4 ? (numbers[0] ?? null) : null;
  if (name === undefined || (value === null && rgb === null)) {
    throw badTable(file, line, `"${cells.join(',')}" has no class, or no value or colour.`);
  }
  return { line, value, rgb, name };
}
