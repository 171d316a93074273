// The datasets that can be chosen, and the few tiles of them that are shown as previews.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetInfo, Size, Tile } from '../../domain/dataset.ts';

export interface Preview {
  readonly size: Size;
  readonly tiles: readonly Tile[];
}

/** The two places where a dataset is used. */
export type Side = 'source' | 'target';

export interface DatasetsState {
  readonly imported: readonly DatasetInfo[];
  /** The newest tiles that arrived for each side; they stay on screen until the next ones do. */
  readonly previews: Readonly<Record<Side, Preview | null>>;
}

export function createDatasetsStore(): StoreApi<DatasetsState> {
  return createStore(() => ({ imported: [], previews: { source: null, target: null } }));
}
