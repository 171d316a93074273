// The pinned validation images of the open run, what the network made of them last, and what its step looks like inside.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PinnedImage, PredictionFrame, ViewsFrame } from '../../domain/run.ts';

export interface PicturesState {
  readonly pinned: readonly PinnedImage[];
  readonly frame: PredictionFrame | null;
  /** Null before somebody looked, and for methods that show nothing. */
  readonly views: ViewsFrame | null;
}

export function createPicturesStore(): StoreApi<PicturesState> {
  return createStore(() => ({ pinned: [], frame: null, views: null }));
}
