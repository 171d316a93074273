// The exports there are: every file beside this.
import { registryOf } from '../../../domain/registry.ts';
import type { RunExport } from './core/runExport.ts';

const modules = import.meta.glob<RunExport>(['./*.ts', '!./registry.ts', '!./*.test.ts'], {
  eager: true,
  import: 'runExport',
});

export const EXPORTS = registryOf('export', Object.values(modules), ({ id }) => id).list;
