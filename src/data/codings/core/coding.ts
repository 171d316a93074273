// What a coding of labels is: what the values or colours in label files mean, as tables to class indices, and what else is known
// of files that have it. Evidence is weighed in data/importing/coding.
import { CITYSCAPES_CLASSES, type ClassSet, IGNORE } from '../../../domain/classes.ts';

/** Table entry of a value that the coding does not define. Not a class, and not {@link IGNORE}. */
export const UNDEFINED_LABEL = 254;

export interface Coding {
  /** Stored with datasets: never renamed. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** Where the table comes from. */
  readonly source: string;
  /** What the tables point into; Cityscapes' 19 where absent. */
  readonly classes?: ClassSet;
  /** Class, {@link IGNORE} or {@link UNDEFINED_LABEL} of each byte; null if only colours carry meaning. */
  readonly values: Uint8Array | null;
  /** Class or {@link IGNORE} by colour ({@link rgbKey}); null if colours carry no meaning. */
  readonly colours: ReadonlyMap<number, number> | null;
  /** Class or {@link IGNORE} by number of segment, by the stem of the file: panoptic pictures. */
  readonly segments?: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** The value is the red channel of RGB(A); the other channels say something else. */
  readonly channel?: 'red';
  /** Bits a sample of the files that are published; either where absent. */
  readonly depth?: 16;
  /** Colour ({@link rgbKey}) by index in palette files of this coding. */
  readonly palette?: ReadonlyMap<number, number>;
  /** Tools give files of any coding this palette. */
  readonly isToolPalette?: true;
  /** Whether 255 occurs in its files. */
  readonly writes255: boolean;
  /**
   * `common`: considered everywhere. `asked`: too, but never taken without asking where nothing names it. `when-named`: considered
   * where a layout, a file name, a palette or a person names it; otherwise only as a doubt.
   */
  readonly standing: 'common' | 'asked' | 'when-named';
  /** Roughly which share of all pixels has a value or colour in published files of this coding. Empty: nothing is known. */
  readonly shares: { readonly values: ReadonlyMap<number, number>; readonly colours: ReadonlyMap<number, number> };
}

export type Rgb = readonly [red: number, green: number, blue: number];

export const rgbKey = (red: number, green: number, blue: number): number => red * 65_536 + green * 256 + blue;

/** A byte table of what is defined; 255 is ignored unless it is defined. */
export function valueTable(defined: Iterable<readonly [value: number, index: number]>): Uint8Array {
  const table = new Uint8Array(256).fill(UNDEFINED_LABEL);
  table[IGNORE] = IGNORE;
  for (const [value, index] of defined) table[value] = index;
  return table;
}

/** Colours as people write them in lists: `804080 f423e8`. */
export const hexColours = (list: string): readonly Rgb[] =>
  list
    .trim()
    .split(/\s+/)
    .map((hex): Rgb => {
      const value = Number.parseInt(hex, 16);
      return [value >> 16, (value >> 8) & 255, value & 255];
    });

interface Table {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  /** Values 0 to this - 1 are defined. */
  readonly count: number;
  /** Class name by value; the other values are ignored. */
  readonly mapped: Readonly<Record<number, string>>;
  /** Per cent of all pixels by value, roughly. */
  readonly percent: Readonly<Record<number, number>>;
  /** Colour by value, from 0. */
  readonly palette?: readonly Rgb[];
  readonly isToolPalette?: true;
  /** Which carriers are read: colours, too, where the files also come as RGB; colours only. */
  readonly carrier?: 'values' | 'both' | 'colours';
  readonly classes?: ClassSet;
  readonly standing?: Coding['standing'];
  readonly writes255?: boolean;
  readonly channel?: 'red';
  readonly depth?: 16;
}

/** A coding from one table by value. Where two values share a colour, the one that is a class has it. */
export function codingOf(table: Table): Coding {
  const { id, label, source, count, palette = [], carrier = 'values', standing = 'when-named' } = table;
  const indexOf = (value: number): number => {
    const name = table.mapped[value];
    return name === undefined ? IGNORE : (table.classes ?? CITYSCAPES_CLASSES).findIndex((each) => each.name === name);
  };
  const defined = Array.from({ length: count }, (_, value) => value);
  const colours = new Map<number, number>();
  const shares = { values: new Map<number, number>(), colours: new Map<number, number>() };
  for (const value of defined) {
    const share = (table.percent[value] ?? 0) / 100;
    if (share > 0) shares.values.set(value, share);
    const rgb = palette[value];
    if (rgb === undefined) continue;
    const key = rgbKey(...rgb);
    if ((colours.get(key) ?? IGNORE) === IGNORE) colours.set(key, indexOf(value));
    if (share > 0) shares.colours.set(key, (shares.colours.get(key) ?? 0) + share);
  }
  if (table.writes255 === true) shares.values.set(255, (table.percent[255] ?? 3) / 100);
  return {
    id,
    label,
    source,
    values: carrier === 'colours' ? null : valueTable(defined.map((value) => [value, indexOf(value)])),
    colours: carrier === 'values' ? null : colours,
    shares,
    standing,
    writes255: table.writes255 ?? false,
    ...(table.classes === undefined ? {} : { classes: table.classes }),
    ...(palette.length === 0 ? {} : { palette: new Map(palette.map((rgb, value) => [value, rgbKey(...rgb)])) }),
    ...(table.isToolPalette === undefined ? {} : { isToolPalette: table.isToolPalette }),
    ...(table.channel === undefined ? {} : { channel: table.channel }),
    ...(table.depth === undefined ? {} : { depth: table.depth }),
  };
}

/** Class by value, from the values of each class. */
export const valuesByClass = (values: Readonly<Record<string, readonly number[]>>): Readonly<Record<number, string>> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, all]) => all.map((value) => [value, name])));
