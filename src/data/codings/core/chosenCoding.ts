// A coding as a person chose it: one of the list or a table of their own, with a value on top that is to be ignored.
import { IGNORE } from '../../../domain/classes.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { Coding } from './coding.ts';

/** `coding` with `value` ignored, whatever else it says. Throws `config.invalid` for what is no byte, and for colours. */
export function ignoring(coding: Coding, value: number): Coding {
  if (!Number.isInteger(value) || value < 0 || value > 255) {
    throw new StudioError('config.invalid', `${value} is no label value.`, 'Give a whole number from 0 to 255.', {
      key: 'ignore',
      value,
    });
  }
  if (coding.values === null) {
    throw new StudioError(
      'config.invalid',
      `"${coding.label}" is a coding of colours: there is no value ${value} to ignore.`,
      'Give a table of colours instead, with the class "ignore" for what is to be left out.',
      { key: 'ignore', value },
    );
  }
  const values = coding.values.slice();
  values[value] = IGNORE;
  return {
    ...coding,
    values,
    label: `${coding.label}, ${value} ignored`,
    writes255: coding.writes255 || value === 255,
  };
}
