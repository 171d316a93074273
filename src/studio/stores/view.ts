// How a person looks at things: threshold, opacity, hidden classes. Kept in this browser; decides no number of any run.
import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { CLASS_COUNT } from '../../domain/classes.ts';

export const SCORE_VIEWS = ['steps', 'rungs', 'labels'] as const;
export type ScoreView = (typeof SCORE_VIEWS)[number];

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
  /** Train ids whose colour is not drawn. */
  readonly hidden: readonly number[];
}

export function createViewStore(): StoreApi<ViewState> {
  const initial = (): ViewState => ({
    threshold: 0.7,
    opacity: 0.85,
    previewOpacity: 0.35,
    pane: null,
    scores: null,
    bars: 'iou',
    hidden: [],
  });
  return createStore<ViewState>()(persist(initial, { name: 'udas-studio.view', version: 1 }));
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

export function toggleClass(view: StoreApi<ViewState>, trainId: number): void {
  view.setState(({ hidden }) => ({
    hidden: hidden.includes(trainId) ? hidden.filter((id) => id !== trainId) : [...hidden, trainId],
  }));
}

/** Shows one class alone; doing it again shows all. */
export function soloClass(view: StoreApi<ViewState>, trainId: number): void {
  view.setState(({ hidden }) => {
    const alone = hidden.length === CLASS_COUNT - 1 && !hidden.includes(trainId);
    const others = Array.from({ length: CLASS_COUNT }, (_, id) => id).filter((id) => id !== trainId);
    return { hidden: alone ? [] : others };
  });
}
