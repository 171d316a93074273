// The layouts there are: every file beside this; and which of their namings a drop follows.
import { registryOf } from '../../domain/registry.ts';
import type { Layout, Naming } from './core/layout.ts';

const modules = import.meta.glob<Layout>(['./*.ts', '!./registry.ts', '!./*.test.ts'], {
  eager: true,
  import: 'layout',
});
const layouts = registryOf('layout', Object.values(modules), ({ id }) => id);

export const LAYOUTS = layouts.list;
/** Throws `config.invalid` for an id that is not listed. */
export const layoutEntry = layouts.entry;

const SPECIFICITIES: readonly Naming['specificity'][] = ['names', 'folders', 'generic'];

/** The most specific first. */
export const NAMINGS: readonly Naming[] = [
  ...new Set(LAYOUTS.flatMap(({ readings }) => readings.map(({ naming }) => naming))),
].sort((a, b) => SPECIFICITIES.indexOf(a.specificity) - SPECIFICITIES.indexOf(b.specificity));

/** What files of this naming may be, in order of preference. */
export function readingsOf(naming: Naming): readonly { readonly layout: string; readonly coding: string }[] {
  return LAYOUTS.flatMap(({ id, readings }) => readings.map((reading) => ({ ...reading, layout: id })))
    .filter((reading) => reading.naming === naming)
    .sort((a, b) => a.preference - b.preference);
}
