// Graphics devices destroyed at random steps of a run, and while it is paused. It goes on by itself, to the end that it would
// have had.
import { isDeepStrictEqual } from 'node:util';
import { bareRecipe } from '../../../src/domain/recipe.ts';
import { RandomStream } from '../../../src/domain/rng.ts';
import { closeBackend } from '../../../src/engine/backend/openBackend.ts';
import { openDawn } from '../../../src/hosts/node/dawn.ts';
import { type DeviceSubject, openOnDevice } from '../../../src/testing/deviceHarness.ts';
import { RUN, runConfig, traceOf } from '../../../src/testing/runHarness.ts';
import type { Campaign } from '../campaign.ts';

const STEPS = 12;
const CONFIG = runConfig({ recipe: bareRecipe('source-only', { batchSize: 1 }, STEPS), evaluateEvery: 4 });
const MAX_A_RUN = 4;

export const devices: Campaign = {
  name: 'graphics device destroyed',
  tries: 60,
  async *run(seed, tries) {
    const { gpu } = await openDawn();
    const random = new RandomStream(seed, 'devices');
    const expected = await endOf(openOnDevice(gpu));
    for (let done = 0; done < tries; ) {
      const wanted = new Set(
        Array.from({ length: 1 + random.integer(MAX_A_RUN) }, () => 1 + random.integer(STEPS - 1)),
      );
      const fallen: number[] = [];
      const subject: DeviceSubject = openOnDevice(gpu, {}, (step) => {
        const due = [...wanted].find((at) => at <= step);
        if (due === undefined) return;
        wanted.delete(due);
        fallen.push(step);
        subject.devices.at(-1)?.destroy();
      });
      const end = await endOf(subject).catch((error: unknown) => String(error));
      const isSame = isDeepStrictEqual(end, expected);
      const told = subject.told.recovered.length;
      const found = `${told} of ${fallen.length} told, ${isSame ? 'the same end' : JSON.stringify(end).slice(0, 200)}`;
      for (const [i, step] of fallen.entries()) {
        yield { what: `at step ${step}`, isLost: !isSame, isTold: i < told, isRecovered: isSame, found };
      }
      done += Math.max(1, fallen.length);
    }
    closeBackend();
  },
};

async function endOf({ run, store, states, until }: DeviceSubject): Promise<unknown> {
  await run.start(CONFIG, RUN);
  await until(() => ['finished', 'failed'].includes(states.at(-1)?.status ?? ''));
  await run.close();
  return traceOf(store);
}
