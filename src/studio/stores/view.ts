// How a person looks at things: threshold, opacity, hidden classes. Kept in this browser; decides no number of any run.
import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClassSet } from '../../domain/classes.ts';

export const SCORE_VIEWS = ['steps', 'rungs', 'labels'] as const;
export type ScoreView = (typeof SCORE_VIEWS)[number];

/** Means over all classes, and over those that are not hidden. */
export const ALL_CLASSES = 'all';
export const SHOWN_CLASSES = 'shown';

export interface ViewState {
  /** Confidence threshold of the pseudo-label mask, 0..1. */
  readonly threshold: number;
  /** Opacity of class colours over the photo, 0..1. */
  readonly opacity: number;
  /** The same over the previews of source and target, where the photo itself is what one looks at. */
  readonly previewOpacity: number;
  /** The pane that somebody chose to look at a run with; null: the first that is offered. */
  readonly pane: string | null;
  /** What stands under the score; null: what suits the recipe. */
  readonly scores: ScoreView | null;
  /** What the class bars measure: IoU, or the share of each class's pixels that the pictures above keep. */
  readonly bars: 'iou' | 'kept';
  /** Over which classes the mean is taken: all, those shown, or the id of a `MeanSubset`. */
  readonly mean: string;
  /** Names of the classes whose colour is not drawn. */
  readonly hidden: readonly string[];
}

export function createViewStore(): StoreApi<ViewState> {
  const initial = (): ViewState => ({
    threshold: 0.7,
    opacity: 0.85,
    previewOpacity: 0.35,
    pane: null,
    scores: null,
    bars: 'iou',
    mean: ALL_CLASSES,
    hidden: [],
  });
  // Before version 2 hidden classes were numbers, of one set of classes.
  const migrate = (stored: unknown): ViewState => ({ ...(stored as ViewState), hidden: [] });
  return createStore<ViewState>()(persist(initial, { name: 'udas-studio.view', version: 2, migrate }));
}

const toHundredths = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;

export function setThreshold(view: StoreApi<ViewState>, threshold: number): void {
  view.setState({ threshold: toHundredths(threshold) });
}

export function setOpacity(view: StoreApi<ViewState>, opacity: number): void {
  view.setState({ opacity: toHundredths(opacity) });
}

export function setPreviewOpacity(view: StoreApi<ViewState>, previewOpacity: number): void {
  view.setState({ previewOpacity: toHundredths(previewOpacity) });
}

export function toggleClass(view: StoreApi<ViewState>, name: string): void {
  view.setState(({ hidden }) => ({
    hidden: hidden.includes(name) ? hidden.filter((other) => other !== name) : [...hidden, name],
  }));
}

/** Shows one class of a set alone; doing it again shows all. */
export function soloClass(view: StoreApi<ViewState>, classes: ClassSet, name: string): void {
  view.setState(({ hidden }) => {
    const others = classes.map((other) => other.name).filter((other) => other !== name);
    const isAlone = !hidden.includes(name) && others.every((other) => hidden.includes(other));
    return { hidden: isAlone ? [] : others };
  });
}
