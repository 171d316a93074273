// A run that can die: to be killed here is to never hear back, nothing is paused, saved, disposed or rejected. And the recipe to die
// in: every kind of stage, as small as it gets.
import type { DeviceInfo } from '../domain/device.ts';
import type { Recipe } from '../domain/recipe.ts';
import type { RunStore } from '../session/ports.ts';
import { resumeRun, startRun } from '../session/run/openRun.ts';
import { type ListingRunStore, RUN, runConfig, runHost, stripedPair, watchRun } from './runHarness.ts';

/** Every kind of stage, as small as it gets, with everything that lives from step to step: pools of images, an average. */
export const PIPELINE: Recipe = {
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
export type Moment = string;

/** Decides at each moment of a life whether it is the last. */
export class Fate {
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

// A part holds one translated image, or two labelled ones; of three images, the last part of labels is shorter.
const pair = stripedPair(3);
const PART_BYTES = 2100;

/** One worker's life with a run, from opening it to the end of the run or its own. */
export async function live(device: DeviceInfo, kept: ListingRunStore, fate: Fate): Promise<void> {
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
