// Reads command-line values; every complaint names the option, what was given and what is expected.
import type { Size } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import { ownEntry } from '../../../domain/ownEntry.ts';
import type { ParamSpecs, ParamValue } from '../../../domain/params.ts';

const refuse = (option: string, given: string, expected: string): never => {
  throw new StudioError('config.invalid', `--${option} ${given} is not ${expected}.`, `Give --${option} ${expected}.`, {
    key: option,
    value: given,
  });
};

export function readNumber(option: string, given: string, min: number, max: number): number {
  const value = Number(given);
  return given.trim() !== '' && value >= min && value <= max
    ? value
    : refuse(option, given, `a number from ${min} to ${max}`);
}

export function readInteger(option: string, given: string, min: number, max = 1e9): number {
  const value = readNumber(option, given, min, max);
  return Number.isInteger(value) ? value : refuse(option, given, `a whole number from ${min} to ${max}`);
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
  return options.find((candidate) => candidate === given) ?? refuse(option, given, `one of ${options.join(', ')}`);
}

/** Reads `key=value` pairs with the types that the specs declare; unknown keys are left for `resolveParams` to name. */
export function readSettings(specs: ParamSpecs, given: readonly string[]): Record<string, ParamValue> {
  return Object.fromEntries(
    given.map((pair): [string, ParamValue] => {
      const at = pair.indexOf('=');
      if (at < 1) refuse('set', pair, 'key=value');
      const key = pair.slice(0, at);
      const value = pair.slice(at + 1);
      switch (ownEntry(specs, key)?.kind) {
        case 'number':
          return [key, Number(value)];
        case 'toggle':
          return [
            key,
            value === 'true' ? true : value === 'false' ? false : refuse('set', pair, `${key}=true or ${key}=false`),
          ];
        default:
          return [key, value];
      }
    }),
  );
}
