// Who asks the same is answered by one frame, who asks something else by another; nothing is drawn twice for one step.
import { expect, test } from 'vitest';
import { PictureRequests } from './pictureRequests.ts';

function open() {
  const drawn: unknown[] = [];
  let step = 0;
  const requests = new PictureRequests(
    () => 0,
    async (ask) => {
      drawn.push(ask);
      return { step, of: ask };
    },
  );
  const serve = (next: number): Promise<void> => {
    step = next;
    return requests.serve(next, true);
  };
  return { requests, drawn, serve };
}

test('equal asks share a frame, different asks are drawn one after the other', async () => {
  const { requests, drawn, serve } = open();
  const answers = [requests.ask(-1, { pixel: 1 }), requests.ask(-1, { pixel: 2 }), requests.ask(-1, { pixel: 1 })];
  await serve(0);
  expect(await Promise.all(answers)).toEqual([
    { step: 0, of: { pixel: 1 } },
    { step: 0, of: { pixel: 2 } },
    { step: 0, of: { pixel: 1 } },
  ]);
  expect(drawn).toEqual([{ pixel: 1 }, { pixel: 2 }]);
});

test('the newest frame answers who comes late, until it is forgotten', async () => {
  const { requests, drawn, serve } = open();
  for (const forget of [false, false, true]) {
    if (forget) requests.forget();
    const answer = requests.ask(4, null);
    await serve(5);
    expect(await answer).toMatchObject({ step: 5 });
  }
  expect(drawn).toHaveLength(2);
});

test('a picture that cannot be drawn refuses everyone who waits', async () => {
  const requests = new PictureRequests(
    () => 0,
    () => Promise.reject(new Error('no')),
  );
  const answers = Promise.allSettled([requests.ask(-1, 1), requests.ask(-1, 2)]);
  await requests.serve(0, true);
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
