// How well each coding explains the label files that were looked into, and how much speaks for it besides.
import { type Coding, UNDEFINED_LABEL } from '../../codings/core/coding.ts';
import type { LabelLook } from './look.ts';
import { type PaletteVerdict, paletteVerdicts } from './palettes.ts';
import { FOREIGN_NATS, type Reading, readAs } from './reading.ts';

export interface CodingContext {
  /** Ids of the codings that the layout publishes. */
  readonly named: readonly string[];
  /** Tables found in the drop. */
  readonly extra?: readonly Coding[];
}

export interface Fit {
  readonly coding: Coding;
  readonly palette: PaletteVerdict;
  /** The layout publishes its labels so. */
  readonly isNamed: boolean;
  /** Its table lies in the drop. */
  readonly isGiven: boolean;
  /** A candidate; the others are doubts only. */
  readonly isActive: boolean;
  readonly readings: ReadonlyMap<LabelLook, Reading | null>;
  /** The files that it explains. */
  readonly fitting: ReadonlySet<LabelLook>;
  /** Classes that show in them. */
  readonly classCount: number;
  /** Every value that it defines occurs, and they are many. */
  readonly isComplete: boolean;
  /** Mean surprise of a pixel in the files that it explains. */
  readonly nats: number;
  /**
   * Surprise of a pixel in all files, were one or two values more defined than are; null where more are missing. A dataset whose
   * ignore value is unusual is such a case.
   */
  readonly nearly: number | null;
  /** By which candidates are ordered: surprise, less what speaks for the coding besides. */
  readonly rank: number;
  natsOf(look: LabelLook): number;
}

/** Nats a pixel above which files are unusual for a coding itself. */
export const UNUSUAL = 3.2;
/** Share of a file's pixels that may be undefined. */
const NOISE = 0.01;
/** Share of all pixels that makes a class show. */
const SHOWS = 0.0005;
/** What a layout's name is worth, in nats a pixel; and a tool's palette. */
const NAMED_BONUS = 0.4;
const PROOF_BONUS = 20;

const isExplained = (reading: Reading | null): boolean =>
  reading !== null && reading.foreignPixels <= NOISE * reading.pixels;

/** Those that explain a file or more first, likeliest first. */
export function fitsOf(
  looks: readonly LabelLook[],
  codings: readonly Coding[],
  { named, extra = [] }: CodingContext,
): readonly Fit[] {
  const verdicts = paletteVerdicts(looks, codings);
  const fits = codings.map((coding): Fit => {
    const palette = verdicts.get(coding) ?? 'silent';
    const readings = new Map(looks.map((look) => [look, readAs(look, coding)]));
    const explains = palette !== 'contradiction' && hasClass(readings);
    const fitting = new Set(looks.filter((look) => explains && isExplained(readings.get(look) ?? null)));
    const isNamed = named.includes(coding.id);
    const isGiven = extra.includes(coding);
    const natsOf = (look: LabelLook): number => readings.get(look)?.nats ?? Number.POSITIVE_INFINITY;
    const nats = [...fitting].reduce((sum, look) => sum + natsOf(look), 0) / Math.max(1, fitting.size);
    const bonus =
      (isGiven || palette === 'proof' ? PROOF_BONUS : 0) + (isNamed || palette === 'tool' ? NAMED_BONUS : 0);
    const isUsual = isNamed || isGiven || palette === 'proof' || palette === 'tool' || isOfItsKind(coding, looks);
    return {
      coding,
      palette,
      isNamed,
      isGiven,
      isActive: isUsual && palette !== 'contradiction',
      readings,
      fitting,
      classCount: classesShown(readings, fitting),
      isComplete: isComplete(coding, readings, fitting),
      nats,
      nearly: explains && fitting.size < looks.length ? nearlyOf(readings) : null,
      rank: nats - bonus,
      natsOf,
    };
  });
  return fits.sort(
    (a, b) =>
      Number(b.fitting.size > 0) - Number(a.fitting.size > 0) ||
      a.rank - b.rank ||
      (a.coding.id < b.coding.id ? -1 : 1),
  );
}

/** Files as this coding alone writes them: common ones of any kind, and red channels of the depth that it has. */
function isOfItsKind(coding: Coding, looks: readonly LabelLook[]): boolean {
  if (coding.standing !== 'when-named') return true;
  if (coding.channel !== 'red') return false;
  return looks.some(({ red, depth, isRedAlone }) =>
    coding.depth === 16 ? red !== null && depth === 16 : isRedAlone && depth === 8,
  );
}

/** What a missing value costs, and at most how many pixels may have it. */
const MISSING = 1;
const MOST_MISSING = 0.35;

function nearlyOf(readings: ReadonlyMap<LabelLook, Reading | null>): number | null {
  const missing = new Set<number>();
  let [surprise, known, all] = [0, 0, 0];
  for (const reading of readings.values()) {
    if (reading === null) return null;
    for (const key of reading.foreign.keys()) missing.add(key);
    surprise += reading.nats * reading.pixels - reading.foreignPixels * FOREIGN_NATS;
    known += reading.pixels - reading.foreignPixels;
    all += reading.pixels;
  }
  return missing.size > 2 || known < (1 - MOST_MISSING) * all ? null : surprise / known + MISSING * missing.size;
}

/** Nobody has labels of which every pixel is ignored. */
function hasClass(readings: ReadonlyMap<LabelLook, Reading | null>): boolean {
  return [...readings.values()].some((reading) => reading?.classPixels.slice(0, -1).some((count) => count > 0));
}

function classesShown(readings: ReadonlyMap<LabelLook, Reading | null>, looks: ReadonlySet<LabelLook>): number {
  const shown = new Map<number, number>();
  let pixels = 0;
  for (const look of looks) {
    pixels += look.pixels;
    readings
      .get(look)
      ?.classPixels.slice(0, -1)
      .forEach((count, index) => {
        shown.set(index, (shown.get(index) ?? 0) + count);
      });
  }
  return [...shown.values()].filter((count) => count > SHOWS * pixels).length;
}

const MANY_VALUES = 15;

function isComplete(
  { values }: Coding,
  readings: ReadonlyMap<LabelLook, Reading | null>,
  looks: ReadonlySet<LabelLook>,
): boolean {
  const seen = new Set([...looks].flatMap((look) => [...(readings.get(look)?.meaning.keys() ?? [])]));
  const defined = Array.from(values ?? [], (index, value) => (index === UNDEFINED_LABEL ? 255 : value));
  const own = defined.filter((value) => value !== 255);
  return own.length >= MANY_VALUES && own.every((value) => seen.has(value));
}

/** Whether two codings make the same of every value that occurs (of `only`, if given): then nobody has to choose. */
export function isSameReading(a: Fit, b: Fit, only?: LabelLook): boolean {
  if (a === b) return true;
  if (a.coding.classes !== b.coding.classes) return false;
  const looks = only === undefined ? [...a.fitting].filter((look) => b.fitting.has(look)) : [only];
  return looks.every((look) => {
    const one = a.readings.get(look)?.meaning;
    const two = b.readings.get(look)?.meaning;
    return one !== undefined && two !== undefined && [...one].every(([key, index]) => two.get(key) === index);
  });
}

/** Whether two codings make the same of every file, what they do not define and what they cannot read included. */
export function isInterchangeable(a: Fit, b: Fit): boolean {
  if (!isSameReading(a, b)) return false;
  return [...a.readings].every(([look, one]) => {
    const two = b.readings.get(look) ?? null;
    if (one === null || two === null) return one === two;
    return (
      [...one.meaning].every(([key, index]) => two.meaning.get(key) === index) &&
      one.foreign.size === two.foreign.size &&
      [...one.foreign.keys()].every((key) => two.foreign.has(key))
    );
  });
}

/** Whether one file alone, of some variety, is clearly another coding's. */
export function prefersOther(look: LabelLook, leader: Fit, active: readonly Fit[]): boolean {
  const meaning = leader.readings.get(look)?.meaning;
  if (leader.palette === 'proof' || leader.isGiven || meaning === undefined || meaning.size < 4) return false;
  return active.some(
    (fit) => fit.fitting.has(look) && leader.natsOf(look) - fit.natsOf(look) > 1 && !isSameReading(fit, leader, look),
  );
}
