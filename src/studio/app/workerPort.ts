// The real worker as a port. Its death, of whatever kind, reaches the client once. It is started from a blob: a worker that
// comes from an address has the policy that the host sends with its file, which most static hosts do not; one that comes
// from a blob has the page's.
import type { Port } from '../../bridge/port.ts';
import type { ToStudio, ToWorker } from '../../bridge/protocol.ts';

export interface WorkerPort extends Port<ToWorker, ToStudio> {
  /** Calls back when the worker failed to load or threw outside every handler. */
  onCrash(listener: (reason: string) => void): void;
}

/** `script` is the worker's address. */
export function openWorkerPort(script: string): WorkerPort {
  const worker = startUnderOurPolicy(new URL(script, location.href));
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer] as Transferable[]),
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

function startUnderOurPolicy(script: URL): Worker {
  const source = `import ${JSON.stringify(script.href)};`;
  const blob = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  // Not revoked: browsers differ in when a worker has read it, and it is the only one.
  return new Worker(blob, { type: 'module', name: 'studio' });
}
