// The codings there are: every file beside this.
import { registryOf } from '../../domain/registry.ts';
import type { Coding } from './core/coding.ts';

const modules = import.meta.glob<Coding>(['./*.ts', '!./registry.ts', '!./*.test.ts'], {
  eager: true,
  import: 'coding',
});
const codings = registryOf('coding', Object.values(modules), ({ id }) => id);

export const CODINGS = codings.list;
/** Throws `config.invalid` for an id that is not listed. */
export const codingEntry = codings.entry;
