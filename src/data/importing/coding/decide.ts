// Decides what the values in a dataset's labels mean, or says that nothing tells. Hard evidence eliminates codings (undefined values,
// another coding's palette, another kind of file); what is left is one coding, or a question. Only rich evidence answers a question:
// many classes in the proportions that one coding has and no other.
import type { CodingCertainty } from '../../../domain/dataset.ts';
import type { CodingCandidate, ImportIssue } from '../../../domain/importing.ts';
import type { Coding } from '../../codings/core/coding.ts';
import { CODINGS } from '../../codings/registry.ts';
import { candidatesOf } from './candidates.ts';
import { brokenPromise, mixedCodings, oneClass } from './findings.ts';
import { type CodingContext, type Fit, fitsOf, isSameReading, prefersOther, UNUSUAL } from './fit.ts';
import type { LabelLook } from './look.ts';
import { readAs } from './reading.ts';

export interface CodingDecision {
  /** Null while it is a question, and where there are no labels. */
  readonly id: string | null;
  readonly certainty: CodingCertainty;
  /** Likeliest first; of a decided question, the decided one first. */
  readonly candidates: readonly CodingCandidate[];
  readonly findings: readonly ImportIssue[];
  /** Of files that disagree: the paths of those that agree with each other, the largest group first. */
  readonly groups?: readonly (readonly string[])[];
}

/** Share of pixels that a file may hold of what the coding of its name does not define. */
const BROKEN = 0.05;
/** Files, of those whose names promise something, that may break it before names are not believed. */
const SOME_BROKEN = 0.1;
/**
 * Share of pixels that a promised coding may leave out before another that leaves out less than the second is asked about; and a
 * smaller one, where the other is more usual, too, by so many nats.
 */
const MOSTLY_IGNORED = 0.5;
const MUCH_IGNORED = 0.25;
const MORE_USUAL = 0.5;
const NEARLY_ALL_READ = 0.2;
/** Files that no coding explains, of all, beyond which nothing is certain. */
const MANY_ODD = 0.25;
/** Classes that make evidence rich; and that at least must show where only one coding is left. */
const RICH = 6;
const SOME = 3;
/** Nats by which a mean pixel must be more usual under one coding than under each other. */
const CLEARLY = 1.3;
/** Nats by which a coding of which every value occurs, and no other, may be less usual than one of which some do. */
const LESS_USUAL = 1;
/** The same against codings that nothing names. */
const CLEARLY_UNNAMED = 0.5;

/** Decides from label files that were looked into; see {@link CodingDecision}. Files whose names promise a coding keep it. */
export function decideCoding(looks: readonly LabelLook[], context: CodingContext): CodingDecision {
  const codings = [...new Set([...(context.extra ?? []), ...CODINGS])];
  // Files that no coding has, half transparent ones and object numbers, have findings of their own.
  const seen = looks.filter(({ values, colours, red }) => values !== null || colours !== null || red !== null);
  const promised = seen.filter((look) => look.promised !== null);
  const open = seen.filter((look) => look.promised === null);
  const broken = promised.filter((look) => {
    const coding = codings.find(({ id }) => id === look.promised);
    const reading = coding === undefined ? null : readAs(look, coding);
    return reading === null || reading.foreignPixels > BROKEN * look.pixels;
  });
  const findings = broken.length === 0 ? [] : [brokenPromise(broken, promised.length)];
  if (broken.length > SOME_BROKEN * promised.length) {
    const candidates = candidatesOf(fitsOf(broken, codings, context), broken);
    return { id: null, certainty: 'ambiguous', candidates, findings };
  }
  const decision = open.length > 0 ? decideOpen(open, codings, context) : decidePromised(promised, codings, context);
  return { ...decision, findings: [...findings, ...decision.findings] };
}

function decidePromised(
  looks: readonly LabelLook[],
  codings: readonly Coding[],
  context: CodingContext,
): CodingDecision {
  const counts = new Map<string, number>();
  for (const { promised } of looks) if (promised !== null) counts.set(promised, (counts.get(promised) ?? 0) + 1);
  const ids = [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  const doubted = doubts(looks, ids[0], codings, context);
  if (doubted !== null) return { id: null, certainty: 'ambiguous', candidates: doubted, findings: [] };
  const named = ids.flatMap((id) => {
    const coding = codings.find((each) => each.id === id);
    const own = looks.filter((look) => look.promised === id);
    return coding === undefined ? [] : candidatesOf(fitsOf(own, [coding], context), own);
  });
  return { id: ids[0] ?? null, certainty: 'named', candidates: named, findings: [] };
}

/**
 * A name may be another dataset's habit: where the coding that it promises leaves many pixels out and another explains nearly all,
 * the readings are a question. Null where the name is to be believed.
 */
function doubts(
  looks: readonly LabelLook[],
  id: string | undefined,
  codings: readonly Coding[],
  context: CodingContext,
): readonly CodingCandidate[] | null {
  const own = looks.filter(({ promised }) => promised === id);
  const promise = codings.find((coding) => coding.id === id);
  const ignored = promise === undefined ? 0 : ignoredIn(own, promise);
  if (ignored <= MUCH_IGNORED) return null;
  const fits = fitsOf(own, codings, context);
  const nats = fits.find(({ coding }) => coding === promise)?.nats ?? 0;
  const wanted = ignored > MOSTLY_IGNORED ? Number.POSITIVE_INFINITY : nats - MORE_USUAL;
  const explainsMore = fits.some(
    (fit) =>
      own.every((look) => fit.fitting.has(look)) && fit.nats < wanted && ignoredIn(own, fit.coding) < NEARLY_ALL_READ,
  );
  return explainsMore ? candidatesOf(fits, own) : null;
}

function ignoredIn(looks: readonly LabelLook[], coding: Coding): number {
  let ignored = 0;
  let pixels = 0;
  for (const look of looks) {
    ignored += readAs(look, coding)?.classPixels.at(-1) ?? 0;
    pixels += look.pixels;
  }
  return pixels === 0 ? 0 : ignored / pixels;
}

function decideOpen(looks: readonly LabelLook[], codings: readonly Coding[], context: CodingContext): CodingDecision {
  const fits = fitsOf(looks, codings, context);
  const active = fits.filter((fit) => fit.isActive && fit.fitting.size > 0);
  const explained = looks.filter((look) => active.some((fit) => fit.fitting.has(look)));
  const candidates = candidatesOf(fits, looks);
  if (explained.length === 0) return { id: null, certainty: 'unknown', candidates, findings: [] };
  const whole = fits.filter((fit) => explained.every((look) => fit.fitting.has(look)));
  const complete = whole.filter(({ isActive, isComplete }) => isActive && isComplete);
  const isWhole = complete.length === 1 && (complete[0]?.nats ?? 0) < (whole[0]?.rank ?? 0) + LESS_USUAL;
  const leader = isWhole ? complete[0] : likeliestOf(whole);
  const parts = partition(explained, active);
  const isMixed = leader === undefined || (!isWhole && explained.some((look) => prefersOther(look, leader, active)));
  if (isMixed && parts.length > 1) {
    const groups = parts.map((part) => part.looks.map(({ path }) => path));
    return { id: null, certainty: 'ambiguous', candidates, findings: [mixedCodings(parts)], groups };
  }
  const [likeliest] = active;
  const findings = likeliest === undefined ? [] : oneClass(likeliest, explained);
  const isOdd = looks.length - explained.length > MANY_ODD * looks.length;
  if (leader === undefined || isOdd || !(isWhole || isCertain(leader, whole, fits))) {
    return { id: null, certainty: 'ambiguous', candidates, findings };
  }
  return { id: leader.coding.id, certainty: 'certain', candidates, findings };
}

/** The likeliest; of those that read the files as it does, one that is a candidate. */
function likeliestOf(whole: readonly Fit[]): Fit | undefined {
  const [first] = whole;
  if (first === undefined || first.isActive) return first;
  return whole.find((fit) => fit.isActive && isSameReading(fit, first)) ?? first;
}

/** Whether the likeliest of the codings that explain every file is the only one that a person could mean. */
function isCertain(leader: Fit, whole: readonly Fit[], fits: readonly Fit[]): boolean {
  if (!leader.isActive) return false;
  const others = whole.filter((fit) => !isSameReading(fit, leader));
  if (leader.isGiven) return others.every(({ isGiven }) => !isGiven);
  if (leader.palette === 'proof') {
    // A palette that paints next to nothing but what is left out proves little.
    const isDoubted =
      leader.classCount < SOME && ignoredIn([...leader.readings.keys()], leader.coding) > MOSTLY_IGNORED;
    return !isDoubted && others.every(({ palette }) => palette !== 'proof');
  }
  if ((leader.palette === 'tool' || leader.coding.standing === 'asked') && !leader.isNamed) return false;
  if (leader.coding.channel === 'red' && leader.coding.depth === undefined && !leader.isNamed) return false;
  const rivals = others.filter(({ isActive }) => isActive);
  if (leader.nats > UNUSUAL && !(leader.isNamed && rivals.length === 0)) return false;
  const wanted = rivals.length === 0 ? SOME : RICH;
  if (leader.classCount < wanted) return false;
  if (fits.some(({ isActive, nearly }) => isActive && nearly !== null && nearly < leader.nats)) return false;
  // What speaks for a coding besides counts against others, not for it: a folder's name is no proof.
  return others.every((other) => other.rank - leader.nats >= (other.isActive ? CLEARLY : CLEARLY_UNNAMED));
}

/** Each file's likeliest coding, as groups of files, the largest first. */
function partition(looks: readonly LabelLook[], active: readonly Fit[]): { fit: Fit; looks: LabelLook[] }[] {
  const parts = new Map<Fit, LabelLook[]>();
  for (const look of looks) {
    const own = active.filter((fit) => fit.fitting.has(look)).sort((a, b) => a.natsOf(look) - b.natsOf(look));
    const [best] = own;
    if (best === undefined) continue;
    // A group that is there already and reads this file alike takes it.
    const home = [...parts.keys()].find((fit) => fit.fitting.has(look) && isSameReading(fit, best, look)) ?? best;
    parts.set(home, [...(parts.get(home) ?? []), look]);
  }
  return [...parts].map(([fit, own]) => ({ fit, looks: own })).sort((a, b) => b.looks.length - a.looks.length);
}
