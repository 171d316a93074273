// The worker's entry: plugs the browser's files, stores, decoder, clock and GPU into the application and serves the page.
/// <reference lib="webworker" />
import type { ToStudio, ToWorker } from '../../bridge/protocol.ts';
import { serve } from '../../bridge/server.ts';
import { serialiseError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';
import { memory } from '../../engine/backend/memory.ts';
import { closeBackend, deviceTrouble, openBackend } from '../../engine/backend/openBackend.ts';
import { Application } from '../../session/application.ts';
import { createDatasets } from '../../session/datasets/datasets.ts';
import { KernelTuning } from '../../session/run/kernelTuning.ts';
import { browserClock } from './browserClock.ts';
import { browserFiles } from './browserFiles.ts';
import { browserPhotoDecoder } from './decodePhoto.ts';
import { openStores } from './openStores.ts';
import { tabSharing } from './tabSharing.ts';
import { workerPort } from './workerPort.ts';

declare const self: DedicatedWorkerGlobalScope;

serve(workerPort<ToStudio, ToWorker>(self), async (emit) => {
  const { tileStore, runStore, tuningStore } = await openStores((error) =>
    emit('failure', { error: serialiseError(error) }),
  );
  const kernels = new KernelTuning(tuningStore, browserClock.nowMs);
  return new Application(
    {
      datasets: createDatasets({ tileStore, decoder: browserPhotoDecoder, openFiles: browserFiles }, emit),
      runs: runStore,
      clock: browserClock,
      memory,
      device: {
        open: async (preference, onTrouble) => {
          const device = await openBackend({ preference, gpu: navigator.gpu, onTrouble });
          await kernels.open(device);
          return device;
        },
        trouble: deviceTrouble,
        close: closeBackend,
        tuneKernels: () => kernels.tuneBetweenRuns(),
      },
      sharing: await tabSharing(),
      newRunId: () => crypto.randomUUID() as RunId,
    },
    emit,
  );
});
