// The exports there are: the `export.ts` of every folder beside this.
import { registryOf } from '../../../domain/registry.ts';
import type { AnyExport, Export, ExportSubject } from './core/defineExport.ts';

const modules = import.meta.glob<AnyExport>('./*/export.ts', { eager: true, import: 'declared' });

export const EXPORTS = registryOf('export', Object.values(modules), ({ id }) => id).list;

export const exportsOf = <Of extends ExportSubject>(subject: Of): readonly Export<Of>[] =>
  EXPORTS.filter((candidate): candidate is AnyExport & Export<Of> => candidate.of === subject);
