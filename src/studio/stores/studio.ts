// The studio as one value: the client of the worker and the stores, one per lifetime. Actions take it as first argument.
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../../bridge/client.ts';
import { createDatasetsStore, type DatasetsState } from './datasets.ts';
import { createDraftStore, type DraftState } from './draft.ts';
import { createEngineStore, type EngineState } from './engine.ts';
import { createImportsStore, type ImportsState } from './imports.ts';
import { createMetricsStore, type MetricsState } from './metrics.ts';
import { createPicturesStore, type PicturesState } from './pictures.ts';
import { createRunsStore, type RunsState } from './runs.ts';
import { createViewStore, type ViewState } from './view.ts';

export interface Studio {
  readonly client: Client;
  readonly engine: StoreApi<EngineState>;
  readonly datasets: StoreApi<DatasetsState>;
  readonly imports: StoreApi<ImportsState>;
  readonly draft: StoreApi<DraftState>;
  readonly runs: StoreApi<RunsState>;
  readonly metrics: StoreApi<MetricsState>;
  readonly pictures: StoreApi<PicturesState>;
  readonly view: StoreApi<ViewState>;
}

export function createStudio(client: Client, draft: Partial<DraftState> = {}): Studio {
  return {
    client,
    engine: createEngineStore(),
    datasets: createDatasetsStore(),
    imports: createImportsStore(),
    draft: createDraftStore(draft),
    runs: createRunsStore(),
    metrics: createMetricsStore(),
    pictures: createPicturesStore(),
    view: createViewStore(),
  };
}
