// One look read as one coding: which classes come out, what the coding does not know, and how usual such a picture is for it.
import { classesOf, IGNORE } from '../../../domain/classes.ts';
import { type Coding, UNDEFINED_LABEL } from '../../codings/core/coding.ts';
import { segmentOf, stem } from '../../codings/core/panoptic.ts';
import type { Counts, LabelLook } from './look.ts';

export interface Reading {
  readonly pixels: number;
  /** One entry a class, then the ignored pixels. */
  readonly classPixels: Float64Array;
  /** Pixels of values that the coding does not define, and of 255 where it never writes it. */
  readonly foreign: Counts;
  readonly foreignPixels: number;
  /** Class, or {@link IGNORE}, of each value or colour that occurs. */
  readonly meaning: ReadonlyMap<number, number>;
  /** Mean surprise of a pixel, -ln of the share that its value has in published files. */
  readonly nats: number;
}

/** Of a value that the coding defines but of which no share is known; and of one that it does not define. */
const RARE = 3e-4;
export const FOREIGN_NATS = 11.5;

interface Carrier {
  readonly counts: Counts;
  readonly table: (key: number) => number;
  readonly shares: Counts;
}

/** Which part of the file the coding reads; null where it cannot read it at all. */
function carrierOf({ path, values, colours, red }: LabelLook, coding: Coding): Carrier | null {
  if (coding.segments !== undefined) {
    const own = coding.segments.get(stem(path));
    if (own === undefined || colours === null) return null;
    const classOf = (key: number): number => {
      const segment = segmentOf(key >> 16, (key >> 8) & 255, key & 255);
      return own.get(segment) ?? (segment === 0 ? IGNORE : UNDEFINED_LABEL);
    };
    return { counts: colours, table: classOf, shares: coding.shares.colours };
  }
  const table = coding.values;
  const byValue = (value: number): number =>
    value === 255 && !coding.writes255 ? UNDEFINED_LABEL : (table?.[value] ?? UNDEFINED_LABEL);
  const byColour = (key: number): number => coding.colours?.get(key) ?? UNDEFINED_LABEL;
  if (values !== null && table !== null) return { counts: values, table: byValue, shares: coding.shares.values };
  if (red !== null && coding.channel === 'red') return { counts: red, table: byValue, shares: coding.shares.values };
  if (colours !== null && coding.colours !== null) {
    return { counts: colours, table: byColour, shares: coding.shares.colours };
  }
  return null;
}

/** Null where the file is of another kind than the coding: colours for numbers, or the other way round. */
export function readAs(look: LabelLook, coding: Coding): Reading | null {
  const carrier = carrierOf(look, coding);
  if (carrier === null) return null;
  const { counts, table, shares } = carrier;
  const classCount = classesOf(coding).length;
  const classPixels = new Float64Array(classCount + 1);
  const foreign = new Map<number, number>();
  const meaning = new Map<number, number>();
  let surprise = 0;
  for (const [key, count] of counts) {
    const index = table(key);
    const isForeign = index === UNDEFINED_LABEL;
    const isClass = index < classCount;
    meaning.set(key, isClass ? index : IGNORE);
    const slot = isClass ? index : classCount;
    classPixels[slot] = (classPixels[slot] ?? 0) + count;
    if (isForeign) foreign.set(key, count);
    const share = Math.max(RARE, shares.size === 0 ? 1 / classCount : (shares.get(key) ?? 0));
    surprise += count * (isForeign ? FOREIGN_NATS : -Math.log(share));
  }
  const foreignPixels = [...foreign.values()].reduce((sum, count) => sum + count, 0);
  return { pixels: look.pixels, classPixels, foreign, foreignPixels, meaning, nats: surprise / look.pixels };
}
