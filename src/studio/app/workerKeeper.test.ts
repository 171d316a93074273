// A worker that dies or hangs is replaced; a page that stood still is no reason.
import { beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../../bridge/client.ts';
import type { ToStudio, ToWorker } from '../../bridge/protocol.ts';
import { WorkerKeeper } from './workerKeeper.ts';
import type { WorkerPort } from './workerPort.ts';

interface FakePort extends WorkerPort {
  readonly sent: ToWorker[];
  isClosed: boolean;
  crash(reason: string): void;
  answerAll(): void;
}

function fakePort(): FakePort {
  let receive: (message: ToStudio) => void = () => undefined;
  let crash: (reason: string) => void = () => undefined;
  const sent: ToWorker[] = [];
  return {
    sent,
    isClosed: false,
    post: (message) => void sent.push(message),
    listen: (listener) => {
      receive = listener;
    },
    onCrash: (listener) => {
      crash = listener;
    },
    close() {
      this.isClosed = true;
    },
    crash: (reason) => crash(reason),
    answerAll: () => {
      for (const message of sent.splice(0))
        if (message.kind === 'request') receive({ kind: 'answer', id: message.id, body: {} });
    },
  };
}

let now: number;
beforeEach(() => {
  now = 0;
});

function keep() {
  const ports = [fakePort()];
  const newest = () => ports.at(-1) as FakePort;
  const client = new Client(newest());
  const reconnect = vi.fn(async () => undefined);
  const giveUp = vi.fn();
  const open = () => {
    ports.push(fakePort());
    return newest();
  };
  const keeper = new WorkerKeeper({ client, open, reconnect, giveUp, nowMs: () => now }, newest());
  /** The page's clock runs on evenly. */
  const pass = async (seconds: number, answers: boolean) => {
    for (let s = 0; s < seconds; s += 5) {
      now += 5000;
      keeper.beat();
      if (answers) newest().answerAll();
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  return { ports, newest, client, reconnect, giveUp, keeper, pass };
}

test('a worker that answers is left alone', async () => {
  const { ports, reconnect, pass } = keep();
  await pass(1000, true);
  expect([ports.length, reconnect.mock.calls.length]).toEqual([1, 0]);
});

test('one that dies is replaced: what was asked is refused, and what is asked next goes to the new one', async () => {
  const { ports, newest, client, reconnect, giveUp } = keep();
  const asked = client.request('ping', {});
  ports[0]?.crash('out of memory');
  await expect(asked).rejects.toMatchObject({ code: 'bridge.worker-crashed', context: { reason: 'out of memory' } });
  expect(ports.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  expect(reconnect).toHaveBeenCalledWith(expect.objectContaining({ code: 'bridge.worker-crashed' }));
  const again = client.request('ping', {});
  newest().answerAll();
  expect(await again).toEqual({});
  // Its last words come too late to matter.
  ports[0]?.crash('again');
  expect(ports).toHaveLength(2);
  expect(giveUp).not.toHaveBeenCalled();
});

test('one that does not answer for a minute and a half is replaced', async () => {
  const { ports, reconnect, pass } = keep();
  await pass(95, false);
  expect(reconnect).not.toHaveBeenCalled();
  await pass(5, false);
  expect([ports.length, reconnect.mock.calls.length]).toEqual([2, 1]);
});

test('a page that stood still gives the worker its time again', async () => {
  const { ports, keeper, pass } = keep();
  await pass(10, false);
  now += 3_600_000;
  keeper.beat();
  await pass(85, false);
  expect(ports).toHaveLength(1);
});

test('after three deaths in a row nothing more is tried, unless one lived well in between', async () => {
  const { newest, reconnect, giveUp, pass } = keep();
  newest().crash('one');
  newest().crash('two');
  await pass(120, true);
  for (const reason of ['three', 'four', 'five']) newest().crash(reason);
  expect([reconnect.mock.calls.length, giveUp.mock.calls.length]).toEqual([5, 0]);
  newest().crash('six');
  expect([reconnect.mock.calls.length, giveUp.mock.calls.length]).toEqual([5, 1]);
});
