// A dedicated worker's own scope as a port.
import type { Port } from '../../bridge/port.ts';

export function workerPort<Out, In>(scope: DedicatedWorkerGlobalScope): Port<Out, In> {
  return {
    post: (message, transfer = []) => scope.postMessage(message, [...transfer] as Transferable[]),
    listen: (receive) => {
      scope.onmessage = (event: MessageEvent<In>) => receive(event.data);
    },
    close: () => scope.close(),
  };
}
