// The networks there are: what every file beside this lists.
import { registryOf } from '../../domain/registry.ts';
import type { NetworkEntry } from './core/network.ts';

const modules = import.meta.glob<readonly NetworkEntry[]>(['./*.ts', '!./registry.ts', '!./*.test.ts'], {
  eager: true,
  import: 'networks',
});
const networks = registryOf('network', Object.values(modules).flat(), ({ info }) => info.id);

export const NETWORKS = networks.list;
/** Throws `config.invalid` for an id that is not listed. */
export const networkEntry = networks.entry;
