// What a coding of labels is: what the values in label files mean, as tables to Cityscapes train ids.
import { IGNORE } from '../../../domain/classes.ts';
import type { PngPixels } from '../../decode/decodePng.ts';

/** Table entry of a value that the coding does not define. Not a train id, and not {@link IGNORE}. */
export const UNDEFINED_LABEL = 254;

export interface Coding {
  /** Stored with datasets: never renamed. */
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** Where the table comes from. */
  readonly source: string;
  /** Train id, {@link IGNORE} or {@link UNDEFINED_LABEL} of each byte of a one-channel label; null if only colours carry meaning. */
  readonly values: Uint8Array | null;
  /** Train id or {@link IGNORE} by colour (red * 65536 + green * 256 + blue); null if colours carry no meaning. */
  readonly colours: ReadonlyMap<number, number> | null;
  /** The value is the red channel of RGB(A); the other channels say something else. */
  readonly channel?: 'red';
  /** Whether the palette of a file says by itself that it has this coding. */
  isPromisedBy?(palette: NonNullable<PngPixels['palette']>): boolean;
}

export const rgbKey = (red: number, green: number, blue: number): number => red * 65_536 + green * 256 + blue;

export function valueTable(defined: Iterable<readonly [value: number, trainId: number]>): Uint8Array {
  const table = new Uint8Array(256).fill(UNDEFINED_LABEL);
  for (const [value, trainId] of defined) table[value] = trainId;
  table[IGNORE] = IGNORE;
  return table;
}

/** A colour and its train id. */
export type ColourRow = readonly [red: number, green: number, blue: number, trainId: number];
export const colourTable = (rows: readonly ColourRow[]): ReadonlyMap<number, number> =>
  new Map(rows.map(([red, green, blue, trainId]) => [rgbKey(red, green, blue), trainId]));
