// The panes that are offered and the one that is shown, as panes themselves reach it: what a pane imports knows no registry.
import { createContext } from 'react';
import type { Pane } from './definePane.ts';

export interface PaneChoice {
  /** Null where none is offered. */
  readonly pane: Pane | null;
  readonly panes: readonly Pane[];
}

export const PaneChoiceContext = createContext<PaneChoice>({ pane: null, panes: [] });
