// The pinned validation images of the open run, and what its panes keep of it. No pane is known here: each has places of its
// own, which are empty again when the run is left.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PinnedImage } from '../../domain/pictures.ts';
import type { StageId } from '../../domain/recipe.ts';

/** A place where a pane keeps something of the open run. */
export interface PaneData<Value> {
  readonly initial: Value;
}

export interface PicturesState {
  readonly pinned: readonly PinnedImage[];
  /** Of which finished stage somebody asked to see what it made; null: of the newest. */
  readonly stage: StageId | null;
  readonly data: ReadonlyMap<PaneData<unknown>, unknown>;
}

export const NO_PICTURES: PicturesState = { pinned: [], stage: null, data: new Map() };

export function createPicturesStore(): StoreApi<PicturesState> {
  return createStore(() => NO_PICTURES);
}

export function paneData<Value>(initial: Value): PaneData<Value> {
  return { initial };
}

/** What was put there last; `initial` before, and for every run anew. */
export function dataOf<Value>({ data }: PicturesState, place: PaneData<Value>): Value {
  // Only `putData` writes, and a place has one type.
  return data.has(place) ? (data.get(place) as Value) : place.initial;
}

export function putData<Value>(pictures: StoreApi<PicturesState>, place: PaneData<Value>, value: Value): void {
  pictures.setState(({ data }) => ({ data: new Map(data).set(place, value) }));
}
