// What a person chooses from: the codings that may be meant, with what speaks for and against each and what comes out of it.
import { classesOf } from '../../../domain/classes.ts';
import { classShares } from '../../../domain/classPixels.ts';
import type { CodingCandidate } from '../../../domain/importing.ts';
import { type Fit, isSameReading, UNUSUAL } from './fit.ts';
import type { LabelLook } from './look.ts';

/** By which a coding that nothing names stands back. */
const DOUBT = 0.5;
const MOST = 8;
const FEW = 4;

/**
 * Those that explain files or would with one ignored value more, likeliest first: all candidates, and the best of the doubts. Where
 * nothing explains anything, the few that leave the least unexplained.
 */
export function candidatesOf(fits: readonly Fit[], looks: readonly LabelLook[]): readonly CodingCandidate[] {
  const rankOf = ({ fitting, rank, nearly, isActive }: Fit): number =>
    (fitting.size > 0 ? rank : (nearly ?? Number.POSITIVE_INFINITY)) + (isActive ? 0 : DOUBT);
  const able = fits
    .filter(({ fitting, nearly, isActive }) => fitting.size > 0 || (isActive && nearly !== null))
    .sort((a, b) => rankOf(a) - rankOf(b));
  const doubts = able.filter(({ isActive, fitting }) => !isActive && fitting.size === looks.length);
  const active = able.filter(({ isActive }) => isActive);
  const kept = new Set([...active, ...doubts.slice(0, Math.max(FEW, MOST - active.length))]);
  const listed = able.filter((fit) => kept.has(fit));
  if (listed.length > 0) return listed.map((fit) => candidateOf(fit, looks, listed[0]));
  return fits
    .map((fit) => candidateOf(fit, looks, undefined))
    .sort((a, b) => a.unknownShare - b.unknownShare)
    .slice(0, FEW);
}

function candidateOf(fit: Fit, looks: readonly LabelLook[], first: Fit | undefined): CodingCandidate {
  const { coding, readings } = fit;
  const classes = classesOf(coding);
  const counts = new Float64Array(classes.length + 1);
  let unknown = 0;
  let pixels = 0;
  for (const look of looks) {
    const reading = readings.get(look) ?? null;
    pixels += look.pixels;
    unknown += reading?.foreignPixels ?? look.pixels;
    reading?.classPixels.forEach((count, slot) => {
      counts[slot] = (counts[slot] ?? 0) + count;
    });
    if (reading === null) counts[classes.length] = (counts[classes.length] ?? 0) + look.pixels;
  }
  const shares = classShares(counts);
  return {
    id: coding.id,
    label: coding.label,
    unknownShare: pixels === 0 ? 0 : unknown / pixels,
    ignoredShare: shares[classes.length] ?? 0,
    classShares: Object.fromEntries(
      classes
        .map(({ name }, index) => [name, shares[index] ?? 0] as const)
        .filter(([, share]) => share > 0)
        .sort((a, b) => b[1] - a[1]),
    ),
    reasons: reasonsOf(fit, looks, first),
  };
}

/** What speaks for and against a coding, in English. */
function reasonsOf(fit: Fit, looks: readonly LabelLook[], first: Fit | undefined): string[] {
  const { coding, palette, readings } = fit;
  const undefinedValues = undefinedIn(fit, looks);
  const isOther = looks.some((look) => readings.get(look) === null);
  const told: readonly [boolean, string][] = [
    [looks.some(({ promised }) => promised === coding.id), 'the file names say so'],
    [fit.isGiven, 'its table lies among the files'],
    [fit.isNamed, 'the folder layout is published with it'],
    [palette === 'proof', 'the palette of the files is its own'],
    [palette === 'colours', 'the colours of the palette are its own'],
    [palette === 'tool', 'the palette is its own, but tools put it into other files, too'],
    [palette === 'contradiction', "the palette shows another coding's colours"],
    [undefinedValues.length > 0, `does not define ${undefinedValues.slice(0, 8).join(', ')}`],
    [isOther, 'is of another kind (numbers or colours) than files here'],
    [
      first !== undefined && first !== fit && isSameReading(first, fit),
      `reads these files as ${first?.coding.id} does`,
    ],
    [fit.fitting.size > 0 && fit.nats <= UNUSUAL, 'in proportions as usual with it'],
    [fit.fitting.size > 0 && fit.nats > UNUSUAL, 'in proportions that are unusual with it'],
  ];
  return told.filter(([holds]) => holds).map(([, text]) => text);
}

/** Values or colours that a coding does not define, the most frequent first. */
function undefinedIn({ coding, readings }: Fit, looks: readonly LabelLook[]): string[] {
  const foreign = new Map<string, number>();
  for (const look of looks) {
    for (const [key, count] of readings.get(look)?.foreign ?? []) {
      const isColour = look.values === null && coding.channel === undefined;
      const name = isColour || coding.values === null ? colourName(key) : String(key);
      foreign.set(name, (foreign.get(name) ?? 0) + count);
    }
  }
  return [...foreign].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

const colourName = (key: number): string =>
  key < 0 ? 'other colours' : `rgb(${key >> 16},${(key >> 8) & 255},${key & 255})`;
