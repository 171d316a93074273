import { expect, test, vi } from 'vitest';
import { StudioError } from '../domain/errors.ts';
import type { RunId } from '../domain/run.ts';
import { Client } from './client.ts';
import { PREDICTIONS } from './pictures/predictions.ts';
import { type Port, portPair } from './port.ts';
import type { ToStudio, ToWorker } from './protocol.ts';
import { type CommandHandlers, type Emit, type Handlers, type RequestHandlers, serve } from './server.ts';

const runId = 'r1' as RunId;

/** Handlers that refuse everything but what a test gives. */
function connect(given: { requests?: Partial<RequestHandlers>; commands?: Partial<CommandHandlers> } = {}) {
  const [studio, worker] = portPair<ToWorker, ToStudio>();
  let emit: Emit = () => undefined;
  let provide: (handlers: Handlers) => void = () => undefined;
  const handlers = new Promise<Handlers>((resolve) => {
    provide = resolve;
  });
  serve(worker, (send) => {
    emit = send;
    return handlers;
  });
  const ready = () =>
    provide({
      requests: (given.requests ?? {}) as RequestHandlers,
      commands: (given.commands ?? {}) as CommandHandlers,
    });
  return {
    client: new Client(studio),
    emit: ((...args) => emit(...args)) as Emit,
    ready,
    studio: studio as Port<ToWorker, ToStudio>,
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test('every request gets its own answer, in whatever order the worker finishes', async () => {
  const waiting: ((frame: number) => void)[] = [];
  const { client, ready } = connect({
    requests: {
      'picture.pull': ({ after }) =>
        new Promise((resolve) => {
          waiting.push(() => resolve({ body: { frame: { step: after + 1 } } }));
        }),
    },
  });
  ready();
  const first = client.pull(runId, PREDICTIONS, 10, null);
  const second = client.pull(runId, PREDICTIONS, 20, null);
  await settle();
  for (const finish of waiting.reverse()) finish(0);
  expect((await second)?.step).toBe(21);
  expect((await first)?.step).toBe(11);
});

test('what arrives before the handlers are there waits for them, in order', async () => {
  const seen: string[] = [];
  const { client, ready } = connect({
    commands: {
      'run.pause': () => seen.push('pause'),
      'run.play': () => seen.push('play'),
      'run.step': () => seen.push('step'),
    },
  });
  client.command('run.play', { runId });
  client.command('run.pause', { runId });
  client.command('run.step', { runId });
  await settle();
  expect(seen).toEqual([]);
  ready();
  await settle();
  expect(seen).toEqual(['play', 'pause', 'step']);
});

test('a refusal arrives as the same error: code, advice and values, not text', async () => {
  const { client, ready } = connect({
    requests: {
      'run.open': async () => {
        throw new StudioError('checkpoint.corrupt', 'Both slots are damaged.', 'Start again.', { runId });
      },
    },
  });
  ready();
  const refused = client.request('run.open', { runId });
  await expect(refused).rejects.toBeInstanceOf(StudioError);
  await expect(refused).rejects.toMatchObject({
    code: 'checkpoint.corrupt',
    advice: 'Start again.',
    context: { runId },
  });
});

test('an error that is no StudioError is a defect, and says so', async () => {
  const { client, ready } = connect({
    requests: {
      'run.open': async () => {
        throw new TypeError('x is undefined');
      },
    },
  });
  ready();
  await expect(client.request('run.open', { runId })).rejects.toMatchObject({ code: 'internal.invariant' });
});

test('a command that fails becomes a failure event', async () => {
  const { client, ready } = connect({
    commands: {
      'run.pause': () => {
        throw new StudioError('data.not-found', 'That run is not open.', 'Open it.');
      },
    },
  });
  const failures = vi.fn();
  client.on('failure', ({ error }) => failures(error.code));
  ready();
  client.command('run.pause', { runId });
  await settle();
  expect(failures.mock.calls).toEqual([['data.not-found']]);
});

test('events reach those who listen, in order, until they stop', async () => {
  const { client, emit, ready } = connect();
  ready();
  const steps: number[] = [];
  const stop = client.on('run.state', ({ state }) => steps.push(state.step));
  const state = {
    runId,
    status: 'running',
    steps: 9,
    stepsPerSecond: null,
    leftMs: null,
    stage: null,
    error: null,
  } as const;
  emit('run.state', { state: { ...state, step: 1 } });
  emit('run.state', { state: { ...state, step: 2 } });
  await settle();
  stop();
  emit('run.state', { state: { ...state, step: 3 } });
  await settle();
  expect(steps).toEqual([1, 2]);
});

test('buffers that are handed over are moved, not copied', async () => {
  const { client, emit, ready } = connect();
  ready();
  const steps = Float64Array.of(1, 2);
  const values = Float64Array.of(3, 4);
  const received = new Promise((resolve) => client.on('run.metrics', ({ frame }) => resolve(frame)));
  emit('run.metrics', { runId, frame: { loss: { steps, values } } }, [steps.buffer, values.buffer]);
  expect(await received).toEqual({ loss: { steps: Float64Array.of(1, 2), values: Float64Array.of(3, 4) } });
  expect(steps.byteLength).toBe(0);
});

test('of a dead worker all that is open is refused, with the error that is given back', async () => {
  const { client } = connect();
  const open = [client.request('run.open', { runId }), client.request('run.delete', { runId })];
  const error = client.crashed('out of memory');
  expect(error).toMatchObject({ code: 'bridge.worker-crashed', context: { reason: 'out of memory' } });
  for (const request of open) await expect(request).rejects.toBe(error);
});
