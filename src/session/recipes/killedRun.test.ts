// A run that is killed at any moment of any stage, and opened again from what its store holds, ends with the numbers of one
// that was left alone. To be killed here is to never hear back: nothing is paused, saved, disposed or rejected.
import { beforeAll, expect, test } from 'vitest';
import type { DeviceInfo } from '../../domain/device.ts';
import { RandomStream } from '../../domain/rng.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { Fate, live, type Moment } from '../../testing/mortalRun.ts';
import { ListingRunStore, traceOf } from '../../testing/runHarness.ts';
import { atLength } from '../../testing/slow.ts';

const KILLS = atLength(20, 6);
/** What has to have taken somebody: every kind of moment, or a moment in every kind of stage. */
const kindOf = atLength(
  (moment: Moment) => moment,
  (moment: Moment) => moment.slice(0, moment.indexOf(':')),
);
/** Of dying at a moment of a kind that has taken nobody yet, and at any other. */
const CHANCE = { new: 0.6, known: 0.02 };

let device: DeviceInfo;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

test(`killed ${KILLS} times, at every kind of moment, a run ends with the numbers of one that was left alone`, {
  timeout: 240_000,
}, async () => {
  const whole = new ListingRunStore();
  const moments = new Set<Moment>();
  await live(
    device,
    whole,
    new Fate((moment) => {
      moments.add(moment);
      return false;
    }),
  );
  const expected = await traceOf(whole);
  expect(expected.summary).toMatchObject({ status: 'finished', step: 8, progress: { stage: 5, done: 0 } });
  expect(expected.evaluations.map(({ step }) => step)).toEqual(expect.arrayContaining([5, 8]));

  const random = new RandomStream(11, 'kills');
  const kills: string[] = [];
  const isDone = (): boolean => kills.length >= KILLS && [...moments].every((moment) => kills.includes(kindOf(moment)));
  while (!isDone()) {
    const kept = new ListingRunStore();
    for (let isOver = false; !isOver; ) {
      const fate = new Fate((moment) => {
        moments.add(moment);
        return !isDone() && random.uniform() < (kills.includes(kindOf(moment)) ? CHANCE.known : CHANCE.new);
      });
      const death = await Promise.race([fate.death, live(device, kept, fate)]);
      isOver = death === undefined;
      if (death !== undefined) kills.push(kindOf(death));
    }
    expect(await traceOf(kept)).toEqual(expected);
  }
});
