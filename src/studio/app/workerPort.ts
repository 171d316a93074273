// The real worker as a port. Its death, of whatever kind, reaches the client once.
import type { Port } from '../../bridge/port.ts';
import type { ToStudio, ToWorker } from '../../bridge/protocol.ts';

export interface WorkerPort extends Port<ToWorker, ToStudio> {
  /** Calls back when the worker failed to load or threw outside every handler. */
  onCrash(listener: (reason: string) => void): void;
}

export function openWorkerPort(): WorkerPort {
  const worker = new Worker(new URL('../../hosts/browser/worker.ts', import.meta.url), { type: 'module' });
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    listen: (receive) => {
      // The worker is built from the same protocol file; `hello` refuses one that is not.
      worker.addEventListener('message', (event: MessageEvent<ToStudio>) => receive(event.data));
    },
    onCrash: (listener) => {
      worker.addEventListener('error', (event) => listener(event.message || 'the worker could not be loaded'));
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
    close: () => worker.terminate(),
  };
}
