// The operations and losses there are: every folder here or in engine/losses that holds an info.ts, by name.
import { registryOf } from '../../domain/registry.ts';
import type { OpInfo } from './core/opInfo.ts';

const modules = import.meta.glob<OpInfo>(['./*/info.ts', '../losses/*/info.ts'], { eager: true, import: 'info' });

export const OPS: readonly OpInfo[] = registryOf('op', Object.values(modules), ({ name }) => name).list;
