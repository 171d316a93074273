// The worker's side of the bridge: exhaustive dispatch to handlers; every error crosses as data.
import { serialiseError } from '../domain/errors.ts';
import type { Port } from './port.ts';
import type {
  CommandName,
  Commands,
  EventMessage,
  EventName,
  Events,
  RequestName,
  Requests,
  ToStudio,
  ToWorker,
} from './protocol.ts';

/** An answer, and the buffers in it that may move to the studio instead of being copied. */
export interface Answer<Body> {
  readonly body: Body;
  readonly transfer?: readonly ArrayBuffer[];
}

export type RequestHandlers = {
  readonly [N in RequestName]: (body: Requests[N]['ask']) => Promise<Answer<Requests[N]['answer']>>;
};
export type CommandHandlers = { readonly [N in CommandName]: (body: Commands[N]) => void };
export type Emit = <N extends EventName>(name: N, body: Events[N], transfer?: readonly ArrayBuffer[]) => void;

export interface Handlers {
  readonly requests: RequestHandlers;
  readonly commands: CommandHandlers;
}

/**
 * Serves `port` with the handlers that `create` makes; `create` gets the function that sends events. What arrives
 * before the handlers are there waits for them, in order.
 */
export function serve(port: Port<ToStudio, ToWorker>, create: (emit: Emit) => Handlers | Promise<Handlers>): void {
  const emit: Emit = (name, body, transfer) => port.post({ kind: 'event', name, body } as EventMessage, transfer);
  const handlers = Promise.resolve(create(emit));

  const answer = async <N extends RequestName>(name: N, id: number, ask: Requests[N]['ask']): Promise<void> => {
    try {
      const { requests } = await handlers;
      const { body, transfer } = await (requests[name] as RequestHandlers[N])(ask);
      port.post({ kind: 'answer', id, body }, transfer);
    } catch (error) {
      port.post({ kind: 'refusal', id, error: serialiseError(error) });
    }
  };
  const obey = async <N extends CommandName>(name: N, body: Commands[N]): Promise<void> => {
    try {
      const { commands } = await handlers;
      (commands[name] as CommandHandlers[N])(body);
    } catch (error) {
      emit('failure', { error: serialiseError(error) });
    }
  };

  port.listen((message) => {
    if (message.kind === 'request') void answer(message.name, message.id, message.body);
    else void obey(message.name, message.body);
  });
}
