// Reads command-line values; every complaint names the option, what was given and what is expected.
import type { Size } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import { didYouMean } from '../../../domain/nearest.ts';
import { ownEntry } from '../../../domain/ownEntry.ts';
import type { ParamSpecs, ParamValue } from '../../../domain/params.ts';

const refuse = (option: string, given: string, expected: string): never => {
  throw new StudioError('config.invalid', `--${option} ${given} is not ${expected}.`, `Give --${option} ${expected}.`, {
    key: option,
    value: given,
  });
};

/** A decimal number as one types it, with no more digits than a number keeps. */
const isNumeral = (given: string): boolean =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(given) && given.replace(/^[+-]?[0.]*|e.*$|\./gi, '').length <= 17;

export function readNumber(option: string, given: string, min: number, max: number): number {
  const value = Number(given);
  return isNumeral(given) && value >= min && value <= max
    ? value
    : refuse(option, given, `a number from ${min} to ${max}`);
}

export function readInteger(option: string, given: string, min: number, max = 1e9): number {
  const value = readNumber(option, given, min, max);
  return Number.isInteger(value) ? value : refuse(option, given, `a whole number from ${min} to ${max}`);
}

const MAX_SEED = 2 ** 31 - 1;

/** `--seed N`, or `--seeds` with commas between them, each once; seed 1 where neither is given. */
export function readSeeds({ seed, seeds }: { seed?: string | undefined; seeds?: string | undefined }): number[] {
  if (seeds === undefined) return [readInteger('seed', seed ?? '1', 0, MAX_SEED)];
  if (seed !== undefined) return refuse('seed', seed, 'beside --seeds, but without it');
  const read = seeds.split(',').map((one) => readInteger('seeds', one, 0, MAX_SEED));
  return new Set(read).size === read.length ? read : refuse('seeds', seeds, 'a list of different seeds');
}

/** Throws `config.invalid` for the first of `options` that is given: it changes nothing unless `needs` is. */
export function refuseIdle(values: Readonly<Record<string, unknown>>, options: readonly string[], needs: string): void {
  const given = options.find((option) => ![undefined, false].includes(ownEntry(values, option) as undefined));
  if (given === undefined) return;
  const advice = `Give --${needs}, too, or leave --${given} out.`;
  throw new StudioError('config.invalid', `--${given} changes nothing without --${needs}.`, advice, { key: given });
}

/** The longest side of tiles that an import makes. */
const MAX_SIDE = 8192;

export function readSize(option: string, given: string): Size {
  const match = /^(\d+)x(\d+)$/.exec(given);
  if (match === null) return refuse(option, given, 'WIDTHxHEIGHT, for example 128x64');
  const [width, height] = [Number(match[1]), Number(match[2])];
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE) {
    return refuse(option, given, `WIDTHxHEIGHT with sides from 1 to ${MAX_SIDE}`);
  }
  return { width, height };
}

export function readChoice<Option extends string>(option: string, given: string, options: readonly Option[]): Option {
  const found = options.find((candidate) => candidate === given);
  if (found !== undefined) return found;
  const advice = `${didYouMean(given, options)}Give one of ${options.join(', ')}.`;
  throw new StudioError('config.invalid', `--${option} ${given} is not known.`, advice, { key: option, value: given });
}

/** Throws `config.invalid` where two of `key=value` have one key: the second would silently replace the first. */
export function refuseTwice(option: string, given: readonly string[]): void {
  const keys = given.map((pair) => pair.slice(0, pair.indexOf('=')));
  const twice = given.find((_, i) => keys.indexOf(keys[i] ?? '') !== i);
  if (twice !== undefined) refuse(option, twice, 'the only value that it is given');
}

/** Reads `key=value` pairs with the types that the specs declare; unknown keys are left for `resolveParams` to name. */
export function readSettings(
  option: 'set' | 'set-network',
  specs: ParamSpecs,
  given: readonly string[],
): Record<string, ParamValue> {
  return Object.fromEntries(
    given.map((pair): [string, ParamValue] => {
      const at = pair.indexOf('=');
      if (at < 1) refuse(option, pair, 'key=value');
      const key = pair.slice(0, at);
      const value = pair.slice(at + 1);
      switch (ownEntry(specs, key)?.kind) {
        case 'number':
          return [key, isNumeral(value) ? Number(value) : refuse(option, pair, `${key}=NUMBER`)];
        case 'toggle':
          return [
            key,
            value === 'true' ? true : value === 'false' ? false : refuse(option, pair, `${key}=true or ${key}=false`),
          ];
        default:
          return [key, value];
      }
    }),
  );
}
