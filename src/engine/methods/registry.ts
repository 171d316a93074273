// The methods there are: every folder beside this that holds a method.ts. The folder's name is the method's id.
import { registryOf } from '../../domain/registry.ts';
import type { Method } from './core/defineMethod.ts';

const modules = import.meta.glob<Method>('./*/method.ts', { eager: true, import: 'method' });
const methods = registryOf('method', Object.values(modules), ({ info }) => info.id);

export const METHODS = methods.list;
/** Throws `config.invalid` for an id that is not listed. */
export const methodEntry = methods.entry;
