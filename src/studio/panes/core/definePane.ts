// A pane: one way to look at the open run, in the large area of the page. A folder beside this one is a pane; what it has to
// declare is here. Nothing else of the studio knows a pane by its name.
import type { ComponentType } from 'react';
import type { Stage } from '../../../domain/recipe.ts';
import type { EngineState } from '../../stores/engine.ts';
import type { PicturesState } from '../../stores/pictures.ts';
import type { RunsState } from '../../stores/runs.ts';
import type { ViewState } from '../../stores/view.ts';

/** What decides whether there is something to look at. */
export interface PaneOffer {
  readonly runs: RunsState;
  readonly engine: EngineState;
}

export interface PaneState extends PaneOffer {
  readonly pictures: PicturesState;
  readonly view: ViewState;
}

/** What the pictures on screen keep of each class, and at which threshold: for the class bars. */
export interface Kept {
  /** The sentence that says so; it gets `images` and `threshold`. */
  readonly caption: `panes.${string}.${string}`;
  readonly images: number;
  /** From this confidence on a pixel is kept, 0..1. Null where a method knows no such number. */
  readonly threshold: number | null;
  /** Percent per class, null where there is nothing to measure: kept of decided, and right of kept. */
  readonly coverage: readonly (number | null)[];
  readonly right: readonly (number | null)[];
}

export interface Pane {
  /** The name of its folder; its own name is the text `panes.<id>.name`. */
  readonly id: string;
  /** Panes stand side by side in this order; the first that is offered is shown until somebody chooses. */
  readonly order: number;
  /** Called whenever the run moves: cheap, please. */
  isOffered(state: PaneOffer): boolean;
  /** Draws itself in a `PaneFrame`, and pulls what it shows with `usePicture`. */
  readonly Component: ComponentType;
  /** Null where its pictures hold no decisions. */
  tally?(state: PaneState): Kept | null;
  /** Whether this is where to see what a finished stage made; the stage's card then leads here. */
  showsStage?(stage: Stage): boolean;
}

export function definePane(pane: Pane): Pane {
  return pane;
}
