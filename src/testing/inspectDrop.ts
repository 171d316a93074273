// Drops as people bring them, written to disk on the spot and inspected on the command line: what it reports, without the
// drop's own folder in the paths.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { vi } from 'vitest';
import { inspectCommand } from '../hosts/node/commands/inspectCommand.ts';
import { greyPng, palettePng, photoPng, rgbPng } from './imageFiles.ts';

/** Files by path; a link says what it points to. */
export type DropFiles = Readonly<Record<string, Uint8Array | string | { readonly link: string }>>;

export interface Inspected {
  readonly status: number;
  readonly layout: string | null;
  readonly coding: string | null;
  readonly certainty: string;
  readonly candidates: readonly string[];
  readonly questions: readonly string[];
  /** Label of each photo. */
  readonly pairs: Readonly<Record<string, string | null>>;
  /** Split of each photo. */
  readonly splits: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<'paired' | 'unlabelled' | 'leftOut', number>>;
  /** Classes that have pixels in any label, without the ignored ones. */
  readonly classes: readonly string[];
  /** `code file: message`. */
  readonly findings: readonly string[];
  readonly unused: Readonly<Record<string, number>>;
}

/** Writes `files` below a folder called `name`, and inspects `at` in it. */
export async function inspectDrop(files: DropFiles, args: readonly string[] = [], at = 'drop'): Promise<Inspected> {
  const parent = mkdtempSync(join(tmpdir(), 'drop-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      const place = join(parent, 'drop', path);
      mkdirSync(dirname(place), { recursive: true });
      if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(place, content);
      else symlinkSync(content.link, place);
    }
    return await inspectFolder(join(parent, at), args);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** As {@link inspectDrop}, of a folder that is there. */
export async function inspectFolder(folder: string, args: readonly string[] = []): Promise<Inspected> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    const status = await inspectCommand([folder, '--json', ...args]);
    return summary(status, JSON.parse(printed[0] ?? '{}'));
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

interface Report {
  readonly layout: string | null;
  readonly coding: {
    readonly id: string | null;
    readonly certainty: string;
    readonly candidates: readonly { readonly id: string }[];
  };
  readonly questions?: readonly { readonly kind: string }[];
  readonly counts: Inspected['counts'];
  readonly pairs: readonly {
    readonly photo: string;
    readonly label: string | null;
    readonly split: string;
    readonly classes: Readonly<Record<string, number>>;
  }[];
  readonly findings: readonly { readonly code: string; readonly file: string; readonly message: string }[];
  readonly unused?: readonly { readonly reason: string; readonly count: number }[];
}

const within = (path: string): string => path.slice(path.indexOf('/') + 1);

function summary(status: number, report: Report): Inspected {
  const { layout, coding, questions = [], counts, pairs, findings, unused = [] } = report;
  const classes = new Set(pairs.flatMap((pair) => Object.keys(pair.classes)));
  classes.delete('ignore');
  return {
    status,
    layout,
    coding: coding.id,
    certainty: coding.certainty,
    candidates: coding.candidates.map(({ id }) => id),
    questions: questions.map(({ kind }) => kind),
    pairs: Object.fromEntries(pairs.map(({ photo, label }) => [within(photo), label === null ? null : within(label)])),
    splits: Object.fromEntries(pairs.map(({ photo, split }) => [within(photo), split])),
    counts,
    classes: [...classes].sort(),
    findings: findings.map(({ code, file, message }) => `${code} ${within(file)}: ${message}`),
    unused: Object.fromEntries(unused.map(({ reason, count }) => [reason, count])),
  };
}

const SIZE = { width: 32, height: 8 };
const PIXELS = SIZE.width * SIZE.height;

/** Upright stripes of equal width, one for each item: what labels of blocks look like. */
function stripes<Item>(items: readonly Item[]): Item[] {
  return Array.from({ length: PIXELS }, (_, at) => {
    const item = items[Math.floor(((at % SIZE.width) * items.length) / SIZE.width)];
    if (item === undefined) throw new RangeError('Stripes need an item.');
    return item;
  });
}

type Rgb = readonly number[];

/** A photo of the labels' size; no two are equal. */
export const photo = (tint = 0): Uint8Array => photoPng(SIZE.width, SIZE.height, tint);
export const grey = (...values: number[]): Uint8Array => greyPng(SIZE.width, SIZE.height, stripes(values));
export const painted = (palette: readonly Rgb[], ...values: number[]): Uint8Array =>
  palettePng(SIZE.width, SIZE.height, stripes(values), palette);
export const coloured = (...colours: Rgb[]): Uint8Array => rgbPng(SIZE.width, SIZE.height, stripes(colours).flat());
/** RGBA; `alpha` of every pixel. */
export const withAlpha = (alpha: number, ...colours: Rgb[]): Uint8Array =>
  encode({ ...SIZE, channels: 4, depth: 8, data: Uint8Array.from(stripes(colours).flatMap((rgb) => [...rgb, alpha])) });
/** 16 bits, one channel. */
export const deepGrey = (...values: number[]): Uint8Array =>
  encode({ ...SIZE, channels: 1, depth: 16, data: Uint16Array.from(stripes(values)) });
/** 16 bits, RGB. */
export const deepColoured = (...colours: Rgb[]): Uint8Array =>
  encode({ ...SIZE, channels: 3, depth: 16, data: Uint16Array.from(stripes(colours).flat()) });

/** `count` pairs: the photos of one path, the labels of another; `*` stands for the frame's number. */
export function pairsAt(
  photos: string,
  labels: string,
  count: number,
  label: (index: number) => Uint8Array,
): Record<string, Uint8Array> {
  const numbers = [...Array(count).keys()];
  return Object.fromEntries(
    numbers.flatMap((index) => [
      [photos.replaceAll('*', String(index)), photo(index)],
      [labels.replaceAll('*', String(index)), label(index)],
    ]),
  );
}
