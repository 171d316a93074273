// The layouts there are: every file beside this.
import { registryOf } from '../../domain/registry.ts';
import type { Layout } from './core/layout.ts';

const modules = import.meta.glob<Layout>(['./*.ts', '!./registry.ts', '!./*.test.ts'], {
  eager: true,
  import: 'layout',
});
const layouts = registryOf('layout', Object.values(modules), ({ id }) => id);

export const LAYOUTS = layouts.list;
/** Throws `config.invalid` for an id that is not listed. */
export const layoutEntry = layouts.entry;
