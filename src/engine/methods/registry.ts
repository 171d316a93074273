// The methods there are. A new one is a file beside this and a line in the list.
import { StudioError } from '../../domain/errors.ts';
import { adversarial } from './adversarial/method.ts';
import type { Method } from './core/method.ts';
import { cutmix } from './cutmix/method.ts';
import { cyclegan } from './cyclegan/method.ts';
import { sourceOnly } from './source-only/method.ts';
import { student } from './student/method.ts';
import { studentSource } from './student-source/method.ts';
import { studentStrict } from './student-strict/method.ts';
import { supervised } from './supervised/method.ts';

export const METHODS: readonly Method[] = [
  sourceOnly,
  cyclegan,
  adversarial,
  cutmix,
  student,
  studentSource,
  studentStrict,
  supervised,
];

/** Throws `config.invalid` for an id that is not listed. */
export function methodEntry(id: string): Method {
  const method = METHODS.find(({ info }) => info.id === id);
  if (method !== undefined) return method;
  const known = METHODS.map(({ info }) => info.id).join(', ');
  throw new StudioError('config.invalid', `There is no method "${id}".`, `Choose one of: ${known}.`, { method: id });
}
