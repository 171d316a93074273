// Stored runs whose bytes are changed, cut or gone: what is loaded afterwards is something that was saved once, whole, or a
// reason; never anything else. What is left can be trained and saved on.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { StudioError } from '../../../src/domain/errors.ts';
import { RandomStream } from '../../../src/domain/rng.ts';
import { DirectoryRunStore } from '../../../src/hosts/node/storage/directoryRunStore.ts';
import type { RunStore } from '../../../src/session/ports.ts';
import { checkpointOf, evaluationAt, metricsOf, RUN, runSummary } from '../../../src/testing/runStoreData.ts';
import type { Campaign, Fault } from '../campaign.ts';

const SAVES = [10, 20, 30, 40];
const OUTPUTS = ['st.segmenter.safetensors', 'made.000000.tiles'];

export const damage: Campaign = {
  name: 'stored bytes damaged',
  tries: 300,
  async *run(seed, tries) {
    const random = new RandomStream(seed, 'damage');
    for (let i = 0; i < tries; i++) {
      const folder = mkdtempSync(join(tmpdir(), 'damage-'));
      try {
        await fill(new DirectoryRunStore(folder));
        const what = harm(join(folder, RUN), random);
        yield { what, ...(await after(new DirectoryRunStore(folder))) };
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  },
};

async function fill(store: RunStore): Promise<void> {
  let before = 0;
  for (const step of SAVES) {
    await store.save(runSummary(step), checkpointOf(step), metricsOf(before, step), [evaluationAt(step)]);
    before = step;
  }
  for (const [i, name] of OUTPUTS.entries()) await store.saveOutput(RUN, name, checkpointOf(i));
}

function harm(folder: string, random: RandomStream): string {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const name = names[random.integer(names.length)] ?? 'run.json';
  const path = join(folder, name);
  const { size } = statSync(path);
  switch (random.integer(4)) {
    case 0:
      rmSync(path);
      return `${name} gone`;
    case 1: {
      const left = random.integer(size);
      truncateSync(path, left);
      return `${name} cut to ${left} of ${size} bytes`;
    }
    case 2:
      writeFileSync(path, Buffer.alloc(size));
      return `${name} full of zeros`;
    default: {
      const bytes = readFileSync(path);
      const at = random.integer(size);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
      writeFileSync(path, bytes);
      return `${name} changed at ${at}`;
    }
  }
}

async function after(store: RunStore): Promise<Omit<Fault, 'what'>> {
  try {
    await store.claim(RUN);
    const { summary, checkpoint, evaluations, lost } = await store.load(RUN);
    const { step } = summary;
    const isSaved = SAVES.includes(step) && isDeepStrictEqual(checkpoint, checkpointOf(step));
    const isTrue = evaluations.every((one) => isDeepStrictEqual(one, evaluationAt(one.step)));
    const isCounted = evaluations.length + lost === SAVES.filter((at) => at <= step).length;
    const outputs = await Promise.all(OUTPUTS.map((name, i) => isWholeOrTold(store, name, checkpointOf(i))));
    await store.save(runSummary(step + 5), checkpointOf(step + 5), metricsOf(step, step + 5), []);
    const again = await store.load(RUN);
    return {
      isLost: !isSaved || !isTrue || !outputs.every(Boolean),
      isTold: isCounted,
      isRecovered: isDeepStrictEqual(again.checkpoint, checkpointOf(step + 5)),
      found: `step ${step}, ${evaluations.length} evaluations, ${lost} lost, outputs ${outputs}`,
    };
  } catch (error) {
    const isTold = error instanceof StudioError && error.code !== 'internal.invariant';
    return { isLost: true, isTold, isRecovered: false, found: String(error) };
  }
}

/** An output is what it was, or is named as damaged. */
async function isWholeOrTold(store: RunStore, name: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return isDeepStrictEqual(await store.loadOutput(RUN, name), bytes);
  } catch (error) {
    return error instanceof StudioError && error.code === 'run.output-damaged';
  }
}
