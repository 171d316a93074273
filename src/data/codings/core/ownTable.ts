// A coding from a table of one's own. Names that are all among Cityscapes' 19 give Cityscapes' classes; any others a set of their own.
import { CITYSCAPES_CLASSES, type ClassSet, IGNORE, MAX_CLASSES } from '../../../domain/classes.ts';
import { type Coding, type Rgb, rgbKey, valueTable } from './coding.ts';
import { badTable, type TableRow, tableRows } from './tableRows.ts';
import { vocColour } from './vocColours.ts';

/** The id of every coding from a table; what tells two apart is the table, which is kept with the dataset. */
export const OWN_TABLE = 'own-table';
/** Ids of tables that lie in a drop: this, then their path. */
export const TABLE_PREFIX = 'table:';

const IGNORED = /^(ignored?|void|unlabell?ed|ignore label|dont ?care)$/i;
export const plainName = (name: string): string => name.trim().toLowerCase().replaceAll(/[_-]/g, ' ');
const cityscapesIndex = (name: string): number => CITYSCAPES_CLASSES.findIndex((each) => each.name === plainName(name));

/** Throws `config.invalid`, naming the line, for what is no table of 1 to 64 classes, and for two meanings of one value. */
export function parseOwnTable(text: string, fileName: string): Coding {
  const rows = tableRows(text, fileName).map((row) => ({ ...row, name: row.name.trim() }));
  for (const row of rows) checkRow(row, fileName);
  const named = rows.filter(({ name }) => !IGNORED.test(name));
  const own = classesOfRows(named, fileName);
  const indexOf = (name: string): number => {
    const index = own === null ? cityscapesIndex(name) : own.findIndex((each) => each.name === name);
    return index < 0 ? IGNORE : index;
  };
  const values = new Map<number, number>();
  const colours = new Map<number, number>();
  for (const { line, value, rgb, name } of rows) {
    if (value !== null)
      setOnce(values, value, indexOf(name), () => badTable(fileName, line, `${value} has two classes.`));
    if (rgb === null) continue;
    const again = (): Error => badTable(fileName, line, `the colour ${rgb.join(',')} has two classes.`);
    setOnce(colours, rgbKey(...rgb), indexOf(name), again);
  }
  return {
    id: OWN_TABLE,
    label: fileName,
    source: fileName,
    values: values.size === 0 ? null : valueTable(values),
    colours: colours.size === 0 ? null : colours,
    writes255: true,
    standing: 'when-named',
    shares: { values: new Map(), colours: new Map() },
    ...(own === null ? {} : { classes: own }),
  };
}

/** Null for Cityscapes' classes. Throws `config.invalid` for none, and for more than 64. */
export function classesOfRows(named: readonly TableRow[], fileName: string): ClassSet | null {
  // Tools add a background to whatever they export: beside Cityscapes' classes it is none.
  const street = named.filter(({ name }) => plainName(name) !== 'background');
  const isStreet = street.length > 0 && street.every(({ name }) => cityscapesIndex(name) >= 0);
  return isStreet ? null : classesOf(named, fileName);
}

function setOnce(table: Map<number, number>, key: number, index: number, twice: () => Error): void {
  if ((table.get(key) ?? index) !== index) throw twice();
  table.set(key, index);
}

function checkRow({ line, value, rgb, name }: TableRow, fileName: string): void {
  if (name === '') throw badTable(fileName, line, 'a class has no name.');
  if (value === null && rgb === null) throw badTable(fileName, line, `"${name}" has neither a value nor a colour.`);
  if (value !== null && (!Number.isInteger(value) || value < 0 || value > 255)) {
    throw badTable(fileName, line, `${value} is no label value from 0 to 255.`);
  }
}

function classesOf(rows: readonly TableRow[], fileName: string): ClassSet {
  const colours = new Map<string, Rgb | null>();
  for (const { name, rgb } of rows) colours.set(name, colours.get(name) ?? rgb);
  if (colours.size === 0) throw badTable(fileName, null, 'no class is left: all are ignored.');
  if (colours.size > MAX_CLASSES) {
    throw badTable(fileName, null, `${colours.size} classes; at most ${MAX_CLASSES} can be told apart.`);
  }
  return [...colours].map(([name, rgb], index) => ({ name, rgb: rgb ?? vocColour(index + 1) }));
}
