// A run that is killed at any moment of any stage, and opened again from what its store holds, ends with the numbers of one
// that was left alone. To be killed here is to never hear back: nothing is paused, saved, disposed or rejected.
import { beforeAll, expect, test } from 'vitest';
import type { DeviceInfo } from '../../domain/device.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { RandomStream } from '../../domain/rng.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { ListingRunStore, RUN, runConfig, runHost, stripedPair, traceOf, watchRun } from '../../testing/runHarness.ts';
import { atLength } from '../../testing/slow.ts';
import type { RunStore } from '../ports.ts';
import { resumeRun, startRun } from '../run/openRun.ts';

const KILLS = atLength(20, 6);
/** What has to have taken somebody: every kind of moment, or a moment in every kind of stage. */
const kindOf = atLength(
  (moment: Moment) => moment,
  (moment: Moment) => moment.slice(0, moment.indexOf(':')),
);
/** Of dying at a moment of a kind that has taken nobody yet, and at any other. */
const CHANCE = { new: 0.6, known: 0.02 };

/** Every kind of stage, as small as it gets, with everything that lives from step to step: pools of images, an average. */
const PIPELINE: Recipe = {
  schemaVersion: 1,
  id: 'pipeline',
  stages: [
    {
      kind: 'train',
      id: 'style',
      method: 'cyclegan',
      params: { batchSize: 1, poolSize: 2, crop: 8 },
      steps: 2,
    },
    { kind: 'translate', id: 'translated', translator: { stage: 'style', role: 'toTarget' } },
    {
      kind: 'train',
      id: 'teacher',
      method: 'source-only',
      params: { batchSize: 1 },
      steps: 3,
      source: 'translated',
      rung: 'st',
    },
    {
      kind: 'pseudo-label',
      id: 'labels',
      teacher: { stage: 'teacher', role: 'segmenter' },
      params: { views: 1, thresholdRule: 'class-wise', threshold: 0.5 },
    },
    {
      kind: 'train',
      id: 'student',
      method: 'student-strict',
      params: { batchSize: 1 },
      steps: 3,
      start: {
        student: { stage: 'teacher', role: 'segmenter' },
        average: { stage: 'teacher', role: 'segmenter' },
      },
      pseudoLabels: 'labels',
      rung: 'udas',
    },
  ],
};

/** Where a run may die: in a stage of which kind, around what. */
type Moment = string;

/** Decides at each moment of a life whether it is the last. */
class Fate {
  readonly death: Promise<Moment>;
  private readonly isLast: (moment: Moment) => boolean;
  private die: (moment: Moment) => void = () => {};
  private isDead = false;

  constructor(isLast: (moment: Moment) => boolean) {
    this.isLast = isLast;
    this.death = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  /** Resolves for who lives on, and never for anybody else. */
  async pass(moment: Moment): Promise<void> {
    if (!this.isDead && this.isLast(moment)) {
      this.isDead = true;
      this.die(moment);
    }
    if (this.isDead) await new Promise(() => {});
  }
}

/** The store as a mortal sees it: it may die before something happens, and after it did, before it hears so. */
function mortal(store: RunStore, fate: Fate, kind: () => string): RunStore {
  const around = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const moment = `${kind()}: ${what}`;
    await fate.pass(moment);
    const result = await work();
    await fate.pass(moment);
    return result;
  };
  const extension = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  return {
    listRuns: () => store.listRuns(),
    unreadableRuns: () => store.unreadableRuns(),
    exportRun: (id) => store.exportRun(id),
    claim: (id) => around('claiming', () => store.claim(id)),
    snapshots: () => store.snapshots(),
    restoreSnapshot: (id) => store.restoreSnapshot(id),
    deleteRun: (id) => store.deleteRun(id),
    load: (id) => store.load(id),
    loadOutput: (id, name) => around('reading', () => store.loadOutput(id, name)),
    saveSummary: (summary) => around('writing a summary', () => store.saveSummary(summary)),
    saveOutput: (id, name, bytes) => around(`writing ${extension(name)}`, () => store.saveOutput(id, name, bytes)),
    save: (summary, ...rest) => {
      const { stage, done } = summary.progress;
      const isBetween = stage > 0 && stage < PIPELINE.stages.length && done === 0;
      return around(isBetween ? 'the save between stages' : 'a save', () => store.save(summary, ...rest));
    },
  };
}

let device: DeviceInfo;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

// A part holds one translated image, or two labelled ones; of three images, the last part of labels is shorter.
const pair = stripedPair(3);
const PART_BYTES = 2100;

/** One worker's life with a run, from opening it to the end of the run or its own. */
async function live(kept: ListingRunStore, fate: Fate): Promise<void> {
  const { seen, observer } = watchRun();
  const kind = (): string => seen.states.at(-1)?.stage?.kind ?? 'opening';
  const host = runHost({
    device,
    pair,
    store: mortal(kept, fate, kind),
    // The run saves every few events.
    tickMs: 4000,
    partBytes: PART_BYTES,
    breathe: () => fate.pass(`${kind()}: between two events`),
  });
  const isNew = (await kept.listRuns()).length === 0;
  const session = isNew
    ? await startRun(CONFIG, RUN, host, observer)
    : (await resumeRun(RUN.runId, host, observer)).session;
  await session.play();
  await session.dispose();
}

const CONFIG = runConfig({ recipe: PIPELINE, evaluateEvery: 100, evaluationImages: 1 });

test(`killed ${KILLS} times, at every kind of moment, a run ends with the numbers of one that was left alone`, {
  timeout: 240_000,
}, async () => {
  const whole = new ListingRunStore();
  const moments = new Set<Moment>();
  await live(
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
      const death = await Promise.race([fate.death, live(kept, fate)]);
      isOver = death === undefined;
      if (death !== undefined) kills.push(kindOf(death));
    }
    expect(await traceOf(kept)).toEqual(expected);
  }
});
