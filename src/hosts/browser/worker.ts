// The worker's entry: plugs the browser's files, stores, decoder, clock and GPU into the application and serves the page.
/// <reference lib="webworker" />
import type { ToStudio, ToWorker } from '../../bridge/protocol.ts';
import { serve } from '../../bridge/server.ts';
import { serialiseError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';
import { memory } from '../../engine/gpu/memory.ts';
import { openBackend } from '../../engine/gpu/openBackend.ts';
import { Application } from '../../session/application.ts';
import { createDatasets } from '../../session/datasets.ts';
import { browserClock } from './browserClock.ts';
import { browserFiles } from './browserFiles.ts';
import { browserPhotoDecoder } from './decodePhoto.ts';
import { IdbRunStore } from './idbRunStore.ts';
import { IdbTileStore } from './idbTileStore.ts';
import { openDatabase } from './openDatabase.ts';
import { workerPort } from './workerPort.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(workerPort<ToStudio, ToWorker>(self), (emit) => {
  const database = openDatabase({ onSuperseded: (error) => emit('failure', { error: serialiseError(error) }) });
  const datasets = createDatasets(
    { tileStore: new IdbTileStore(database), decoder: browserPhotoDecoder, openFiles: browserFiles },
    emit,
  );
  const application = new Application(
    {
      datasets,
      runs: new IdbRunStore(database),
      clock: browserClock,
      memory,
      openDevice: (onTrouble) => openBackend({ preference: 'auto', gpu: navigator.gpu, onTrouble }),
      newRunId: () => crypto.randomUUID() as RunId,
    },
    emit,
  );
  return application;
});
