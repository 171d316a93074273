// The pinned validation images of the open run, and what the network made of them last.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PinnedImage, PredictionFrame } from '../../domain/run.ts';

export interface PicturesState {
  readonly pinned: readonly PinnedImage[];
  readonly frame: PredictionFrame | null;
}

export function createPicturesStore(): StoreApi<PicturesState> {
  return createStore(() => ({ pinned: [], frame: null }));
}
