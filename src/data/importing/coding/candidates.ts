// What a person chooses from: the codings that may be meant, with what speaks for and against each and what comes out of it.
import { classesOf } from '../../../domain/classes.ts';
import { classShares } from '../../../domain/classPixels.ts';
import type { CodingCandidate, CodingReason } from '../../../domain/importing.ts';
import { type Fit, isInterchangeable, UNUSUAL } from './fit.ts';
import type { LabelLook } from './look.ts';

/** By which a coding that nothing names stands back. */
const DOUBT = 0.5;
const MOST = 8;
const FEW = 4;
const LISTED_VALUES = 8;

/**
 * Those that explain files or would with one ignored value more, likeliest first: all candidates, and the best of the doubts. Where
 * nothing explains anything, the few that leave the least unexplained. Codings that make the same of every pixel are one candidate.
 */
export function candidatesOf(fits: readonly Fit[], looks: readonly LabelLook[]): readonly CodingCandidate[] {
  const rankOf = ({ fitting, rank, nearly, isActive }: Fit): number =>
    (fitting.size > 0 ? rank : (nearly ?? Number.POSITIVE_INFINITY)) + (isActive ? 0 : DOUBT);
  const { different, alikeOf } = merged(
    fits
      .filter(({ fitting, nearly, isActive }) => fitting.size > 0 || (isActive && nearly !== null))
      .sort((a, b) => rankOf(a) - rankOf(b)),
  );
  const able = different;
  const doubts = able.filter(({ isActive, fitting }) => !isActive && fitting.size === looks.length);
  const active = able.filter(({ isActive }) => isActive);
  const kept = new Set([...active, ...doubts.slice(0, Math.max(FEW, MOST - active.length))]);
  const listed = able.filter((fit) => kept.has(fit));
  if (listed.length > 0) return listed.map((fit) => candidateOf(fit, looks, alikeOf(fit)));
  const nearest = merged(fits);
  return nearest.different
    .map((fit) => candidateOf(fit, looks, nearest.alikeOf(fit)))
    .sort((a, b) => a.unknownShare - b.unknownShare)
    .slice(0, FEW);
}

/** The first of each group that reads every file alike, a candidate proper before a doubt, and the labels of the others. */
function merged(fits: readonly Fit[]): {
  readonly different: readonly Fit[];
  readonly alikeOf: (fit: Fit) => readonly string[];
} {
  const groups: Fit[][] = [];
  for (const fit of fits) {
    const group = groups.find(([first]) => first !== undefined && isInterchangeable(first, fit));
    if (group === undefined) groups.push([fit]);
    else group.push(fit);
  }
  const byFirst = new Map(groups.map((group) => [group.find(({ isActive }) => isActive) ?? group[0], group]));
  return {
    different: [...byFirst.keys()].filter((fit) => fit !== undefined),
    alikeOf: (fit) => (byFirst.get(fit) ?? []).filter((each) => each !== fit).map(({ coding }) => coding.label),
  };
}

function candidateOf(fit: Fit, looks: readonly LabelLook[], alike: readonly string[]): CodingCandidate {
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
    ...(coding.classes === undefined ? {} : { classes: coding.classes }),
    unknownShare: pixels === 0 ? 0 : unknown / pixels,
    ignoredShare: shares[classes.length] ?? 0,
    classShares: Object.fromEntries(
      classes
        .map(({ name }, index) => [name, shares[index] ?? 0] as const)
        .filter(([, share]) => share > 0)
        .sort((a, b) => b[1] - a[1]),
    ),
    reasons: reasonsOf(fit, looks),
    alike,
  };
}

/** What speaks for and against a coding. */
function reasonsOf(fit: Fit, looks: readonly LabelLook[]): readonly CodingReason[] {
  const { coding, palette, readings } = fit;
  const undefinedValues = undefinedIn(fit, looks).slice(0, LISTED_VALUES).join(', ');
  const told: readonly [boolean, CodingReason][] = [
    [looks.some(({ promised }) => promised === coding.id), { kind: 'file-names' }],
    [fit.isGiven, { kind: 'table-in-drop' }],
    [fit.isNamed, { kind: 'layout' }],
    [palette === 'proof', { kind: 'palette' }],
    [palette === 'colours', { kind: 'palette-colours' }],
    [palette === 'tool', { kind: 'palette-of-tools' }],
    [palette === 'contradiction', { kind: 'palette-of-another' }],
    [undefinedValues !== '', { kind: 'undefined-values', values: undefinedValues }],
    [looks.some((look) => readings.get(look) === null), { kind: 'another-kind' }],
    [fit.fitting.size > 0, { kind: fit.nats > UNUSUAL ? 'unusual' : 'usual' }],
  ];
  return told.filter(([holds]) => holds).map(([, reason]) => reason);
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
