// The panes there are: every folder beside this that holds a pane.tsx. The folder's name is the pane's id.
import { registryOf } from '../../../domain/registry.ts';
import type { Pane } from './definePane.ts';

const modules = import.meta.glob<Pane>('../*/pane.tsx', { eager: true, import: 'pane' });

export const PANES = registryOf(
  'pane',
  Object.values(modules),
  ({ id }) => id,
  (a, b) => a.order - b.order,
).list;
