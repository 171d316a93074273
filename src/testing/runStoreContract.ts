// What every RunStore promises, as tests: each implementation runs this one suite, those that outlive the process
// also the second one, which damages what they stored.
import { beforeEach, describe, expect, it } from 'vitest';
import type { MetricFrame } from '../domain/metrics.ts';
import type { RunId } from '../domain/run.ts';
import type { RunStore } from '../session/ports.ts';
import { checkpointOf, evaluationAt, metricsOf, RUN, runSummary } from './runStoreData.ts';

const historyOf = (frame: MetricFrame) =>
  Object.fromEntries(
    Object.entries(frame).map(([key, { steps, values }]) => [key, { steps: [...steps], values: [...values] }]),
  );

async function expectRunAt(store: RunStore, step: number, saves: readonly number[]): Promise<void> {
  const run = await store.load(RUN);
  expect(run.summary.step).toBe(step);
  expect(run.checkpoint).toEqual(checkpointOf(step));
  expect(historyOf(run.metrics)).toEqual({
    'train/loss_seg': {
      steps: Array.from({ length: step }, (_, i) => i + 1),
      values: Array.from({ length: step }, (_, i) => (saves.includes(i + 1) ? Number.NaN : 1 / (i + 1))),
    },
    'sys/step_ms': {
      steps: Array.from({ length: step }, (_, i) => i + 1),
      values: Array.from({ length: step }, (_, i) => (i + 1) * 0.5),
    },
  });
  expect(run.evaluations).toEqual(saves.filter((at) => at <= step).map(evaluationAt));
}

async function saveUpTo(store: RunStore, from: number, to: number): Promise<void> {
  await store.save(runSummary(to), checkpointOf(to), metricsOf(from, to), [evaluationAt(to)]);
}

/** `create` opens what the one before wrote where `again` is asked for: a second host over the same runs. */
export function describeRunStore(
  name: string,
  create: () => Promise<RunStore>,
  again: (first: RunStore) => Promise<RunStore>,
): void {
  describe(`${name} keeps the RunStore contract`, () => {
    let store: RunStore;
    beforeEach(async () => {
      store = await create();
    });

    it('starts empty and names the run it does not know', async () => {
      expect(await store.listRuns()).toEqual([]);
      await expect(store.load(RUN)).rejects.toMatchObject({ code: 'data.not-found', context: { runId: RUN } });
      await store.deleteRun(RUN);
    });

    it('keeps a run that has no checkpoint yet', async () => {
      await store.saveSummary(runSummary(0));
      expect(await store.load(RUN)).toEqual({
        summary: runSummary(0),
        checkpoint: null,
        metrics: {},
        evaluations: [],
        lost: 0,
      });
    });

    it('joins the history of all saves and returns the newest checkpoint', async () => {
      await saveUpTo(store, 0, 10);
      await saveUpTo(store, 10, 15);
      await saveUpTo(store, 15, 40);
      await expectRunAt(store, 40, [10, 15, 40]);
      expect(await store.listRuns()).toEqual([runSummary(40)]);
    });

    it('keeps what it was given, whatever the caller does to it afterwards', async () => {
      const checkpoint = checkpointOf(3);
      const metrics = metricsOf(0, 3);
      const evaluation = evaluationAt(3);
      await store.save(runSummary(3), checkpoint, metrics, [evaluation]);
      checkpoint.fill(0);
      metrics['sys/step_ms']?.values.fill(0);
      evaluation.confusion.fill(0);
      await expectRunAt(store, 3, [3]);
    });

    it('saves without anything new measured', async () => {
      await saveUpTo(store, 0, 4);
      await store.save(runSummary(4), checkpointOf(4), {}, []);
      await expectRunAt(store, 4, [4]);
    });

    it('changes name and status without moving the run from its checkpoint', async () => {
      await saveUpTo(store, 0, 4);
      await store.saveSummary(runSummary(9, { name: 'renamed', status: 'failed', updatedAtMs: 9999 }));
      expect((await store.listRuns())[0]).toMatchObject({ name: 'renamed', step: 9 });
      const { summary } = await store.load(RUN);
      expect(summary).toEqual(runSummary(4, { name: 'renamed', status: 'failed', updatedAtMs: 9999 }));
      await expectRunAt(store, 4, [4]);
    });

    it('keeps parameter changes that are newer than the checkpoint: they are replayed from it', async () => {
      await saveUpTo(store, 0, 4);
      const changes = [{ step: 6, stage: 'source-only', param: 'learningRate', from: 0.001, to: 0.01 }];
      await store.saveSummary(runSummary(6, { changes }));
      expect((await store.load(RUN)).summary).toMatchObject({ step: 4, changes });
    });

    it('lists newest first and deletes one run without the others', async () => {
      const other = { runId: 'r10' as RunId, createdAtMs: 6000 };
      await saveUpTo(store, 0, 2);
      await store.save(runSummary(1, other), checkpointOf(1), metricsOf(0, 1), []);
      expect((await store.listRuns()).map(({ runId }) => runId)).toEqual(['r10', 'r1']);
      await store.deleteRun(RUN);
      expect((await store.listRuns()).map(({ runId }) => runId)).toEqual(['r10']);
      await expect(store.load(RUN)).rejects.toMatchObject({ code: 'data.not-found' });
      expect((await store.load(other.runId)).checkpoint).toEqual(checkpointOf(1));
    });

    it('keeps the outputs of stages by name, each as it was given last, until the run is deleted', async () => {
      await expect(store.saveOutput(RUN, 'st', checkpointOf(1))).rejects.toMatchObject({ code: 'data.not-found' });
      await store.saveSummary(runSummary(0));
      const given = checkpointOf(1);
      await store.saveOutput(RUN, 'st.segmenter.safetensors', given);
      await store.saveOutput(RUN, 'st.segmenter', checkpointOf(2));
      given.fill(0);
      expect(await store.loadOutput(RUN, 'st.segmenter.safetensors')).toEqual(checkpointOf(1));
      await store.saveOutput(RUN, 'st.segmenter', checkpointOf(3).subarray(10, 20));
      expect(await store.loadOutput(RUN, 'st.segmenter')).toEqual(checkpointOf(3).slice(10, 20));
      expect(await store.loadOutput('r10' as RunId, 'st.segmenter')).toBeNull();
      await saveUpTo(store, 0, 2);
      expect((await store.listRuns()).map(({ runId }) => runId)).toEqual([RUN]);
      await store.deleteRun(RUN);
      expect(await store.loadOutput(RUN, 'st.segmenter')).toBeNull();
    });

    it('lets one host write a run: whoever claims it takes it from the other', async () => {
      const other = await again(store);
      await saveUpTo(store, 0, 4);
      const taken = { code: 'run.taken', context: { runId: RUN } };
      await expect(other.saveSummary(runSummary(9))).rejects.toMatchObject(taken);
      await expect(saveUpTo(other, 4, 9)).rejects.toMatchObject(taken);
      await expect(other.saveOutput(RUN, 'st', checkpointOf(1))).rejects.toMatchObject(taken);
      await expectRunAt(other, 4, [4]);
      await other.claim(RUN);
      await saveUpTo(other, 4, 6);
      await expect(saveUpTo(store, 4, 8)).rejects.toMatchObject(taken);
      await expect(store.saveSummary(runSummary(8))).rejects.toMatchObject(taken);
      await expectRunAt(store, 6, [4, 6]);
      await store.claim(RUN);
      await saveUpTo(store, 6, 7);
      await expectRunAt(store, 7, [4, 6, 7]);
      await expect(store.claim('r10' as RunId)).rejects.toMatchObject({ code: 'data.not-found' });
    });

    it('takes a run that is trained elsewhere from there before it goes back', async () => {
      const late = runSummary(4, { updatedAtMs: 5000 + 9e7 });
      await store.save(late, checkpointOf(4), metricsOf(0, 4), [evaluationAt(4)]);
      await saveUpTo(store, 4, 9);
      const other = await again(store);
      await other.restoreSnapshot(RUN);
      await expect(saveUpTo(store, 9, 12)).rejects.toMatchObject({ code: 'run.taken' });
      await expectRunAt(other, 4, [4]);
    });

    it('does not bring back a run that another host has deleted', async () => {
      await saveUpTo(store, 0, 4);
      await (await again(store)).deleteRun(RUN);
      const gone = { code: 'run.gone', context: { runId: RUN } };
      await expect(saveUpTo(store, 4, 8)).rejects.toMatchObject(gone);
      await expect(store.saveSummary(runSummary(8))).rejects.toMatchObject(gone);
      await expect(store.saveOutput(RUN, 'st', checkpointOf(1))).rejects.toMatchObject(gone);
      expect(await store.listRuns()).toEqual([]);
    });

    it('sets a checkpoint aside once a day, and goes back to it', async () => {
      const day = 24 * 60 * 60 * 1000;
      const at = (ms: number) => ({ updatedAtMs: 5000 + ms });
      const save = (from: number, to: number, ms: number) =>
        store.save(runSummary(to, at(ms)), checkpointOf(to), metricsOf(from, to), [evaluationAt(to)]);
      await save(0, 3, day - 1);
      expect(await store.snapshots()).toEqual([]);
      await expect(store.restoreSnapshot(RUN)).rejects.toMatchObject({ code: 'data.not-found' });
      await save(3, 5, day);
      await save(5, 6, day + 1);
      await save(6, 8, day + 2);
      await save(8, 9, 2 * day - 1);
      expect(await store.snapshots()).toEqual([{ runId: RUN, step: 5, savedAtMs: 5000 + day }]);
      await store.restoreSnapshot(RUN);
      await expectRunAt(store, 5, [3, 5]);
      await save(5, 7, 2 * day);
      await expectRunAt(store, 7, [3, 5, 7]);
      expect(await store.snapshots()).toEqual([{ runId: RUN, step: 7, savedAtMs: 5000 + 2 * day }]);
    });

    it('starts a deleted run anew without its old history', async () => {
      await saveUpTo(store, 0, 8);
      await store.deleteRun(RUN);
      await saveUpTo(store, 0, 2);
      await expectRunAt(store, 2, [2]);
    });
  });
}

export interface DamageableRunStore {
  readonly store: RunStore;
  /** Changes bytes of the newest checkpoint behind the store's back. */
  damageNewest(): Promise<void>;
  /** Changes bytes of both checkpoints. */
  damageAll(): Promise<void>;
  /** Changes bytes of a piece of history, the first being 0, or takes it away. */
  damagePiece(index: number, how: 'changed' | 'gone'): Promise<void>;
  damageOutput(name: string): Promise<void>;
}

export function describeCheckpointSlots(name: string, create: () => Promise<DamageableRunStore>): void {
  describe(`${name} survives a damaged checkpoint`, () => {
    let subject: DamageableRunStore;
    beforeEach(async () => {
      subject = await create();
    });

    it('falls back to the save before, with the history of that save, and goes on from there', async () => {
      const { store } = subject;
      await saveUpTo(store, 0, 10);
      await saveUpTo(store, 10, 20);
      await saveUpTo(store, 20, 30);
      await subject.damageNewest();
      await expectRunAt(store, 20, [10, 20]);
      expect((await store.listRuns())[0]?.step).toBe(20);
      await saveUpTo(store, 20, 25);
      await expectRunAt(store, 25, [10, 20, 25]);
      await saveUpTo(store, 25, 26);
      await subject.damageNewest();
      await expectRunAt(store, 25, [10, 20, 25]);
    });

    it('says so when its only checkpoint is damaged', async () => {
      await saveUpTo(subject.store, 0, 10);
      await subject.damageNewest();
      await expect(subject.store.load(RUN)).rejects.toMatchObject({ code: 'checkpoint.corrupt' });
    });

    it('says so when both checkpoints are damaged', async () => {
      await saveUpTo(subject.store, 0, 10);
      await saveUpTo(subject.store, 10, 20);
      await subject.damageAll();
      await expect(subject.store.load(RUN)).rejects.toMatchObject({ code: 'checkpoint.corrupt' });
    });

    it.each(['changed', 'gone'] as const)(
      'goes on with a hole in the charts where a piece of history is %s',
      async (how) => {
        const { store } = subject;
        await saveUpTo(store, 0, 10);
        await saveUpTo(store, 10, 20);
        await saveUpTo(store, 20, 30);
        await subject.damagePiece(1, how);
        const run = await store.load(RUN);
        expect(run.lost).toBe(1);
        expect(run.checkpoint).toEqual(checkpointOf(30));
        expect(run.evaluations.map(({ step }) => step)).toEqual([10, 30]);
        expect(run.metrics['train/loss_seg']?.steps).toHaveLength(20);
      },
    );

    it('names a damaged output, and costs nothing else', async () => {
      const { store } = subject;
      await saveUpTo(store, 0, 10);
      await store.saveOutput(RUN, 'st', checkpointOf(1));
      await store.saveOutput(RUN, 'uda', checkpointOf(2));
      await subject.damageOutput('st');
      await expect(store.loadOutput(RUN, 'st')).rejects.toMatchObject({
        code: 'run.output-damaged',
        context: { output: 'st' },
      });
      expect(await store.loadOutput(RUN, 'uda')).toEqual(checkpointOf(2));
      await expectRunAt(store, 10, [10]);
    });

    it('goes back to the snapshot when both checkpoints are damaged', async () => {
      const { store } = subject;
      await store.save(runSummary(10, { updatedAtMs: 5000 + 9e7 }), checkpointOf(10), metricsOf(0, 10), [
        evaluationAt(10),
      ]);
      await saveUpTo(store, 10, 20);
      await saveUpTo(store, 20, 30);
      await subject.damageAll();
      await expectRunAt(store, 10, [10]);
      await saveUpTo(store, 10, 12);
      await expectRunAt(store, 12, [10, 12]);
    });
  });
}
