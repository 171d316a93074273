// A run that dies at random moments of every kind of stage, and is opened again from what its store holds.
import { isDeepStrictEqual } from 'node:util';
import { RandomStream } from '../../../src/domain/rng.ts';
import { openBackend } from '../../../src/engine/backend/openBackend.ts';
import { Fate, live } from '../../../src/testing/mortalRun.ts';
import { ListingRunStore, traceOf } from '../../../src/testing/runHarness.ts';
import type { Campaign } from '../campaign.ts';

/** Of dying at a moment: some four deaths a run. */
const CHANCE = 0.04;

export const kills: Campaign = {
  name: 'process killed at any moment',
  tries: 200,
  async *run(seed, tries) {
    const device = await openBackend({ preference: 'cpu' });
    const random = new RandomStream(seed, 'kills');
    const whole = new ListingRunStore();
    await live(device, whole, new Fate(() => false));
    const expected = await traceOf(whole);
    for (let done = 0; done < tries; ) {
      const kept = new ListingRunStore();
      const deaths: string[] = [];
      for (let isOver = false; !isOver; ) {
        const fate = new Fate(() => done + deaths.length < tries && random.uniform() < CHANCE);
        const death = await Promise.race([fate.death, live(device, kept, fate)]);
        isOver = death === undefined;
        if (death !== undefined) deaths.push(death);
      }
      const isSame = isDeepStrictEqual(await traceOf(kept), expected);
      const found = isSame ? 'the same end' : 'another end';
      for (const what of deaths) yield { what, isLost: !isSame, isTold: true, isRecovered: isSame, found };
      done += deaths.length;
    }
  },
};
