// One process a folder: who is refused, who takes over, and what is left of processes that were killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metricsOf, RUN, runSummary } from '../../../testing/runStoreData.ts';
import { DirectoryLock, refuseHeld } from './directoryLock.ts';
import { DirectoryRunStore } from './directoryRunStore.ts';
import { hiddenFile, removeStray } from './hiddenFiles.ts';
import { type ProcessIdentity, thisProcess, whereabouts } from './processIdentity.ts';
import { writeWhole } from './writtenFiles.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const names = (): string[] => readdirSync(folder);
const ownPid = (): number => JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8')).pid;

/** A number that belongs to nobody any more. */
const ended = await new Promise<number>((resolve) => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  child.on('exit', () => resolve(child.pid ?? 0));
});
const here = thisProcess();
const others: Readonly<Record<string, ProcessIdentity>> = {
  'gone from this machine': { ...here, pid: ended },
  'whose number was given again': { ...here, started: '1' },
  'of another machine': { ...here, pid: ended, host: 'elsewhere', machine: 'abc' },
  'that is alive': { ...here, pid: process.ppid, started: '' },
};

test.each([
  ['gone from this machine', false, true],
  ['whose number was given again', false, true],
  ['of another machine', false, false],
  ['of another machine', true, true],
  ['that is alive', false, false],
  ['that is alive', true, false],
] as const)('the lock of a process %s, take over: %s', async (who, takeOver, isTaken) => {
  const theirs = await DirectoryLock.take(folder, false, others[who]);
  if (isTaken) {
    await refuseHeld(folder, takeOver);
    const lock = await DirectoryLock.take(folder, takeOver);
    expect(ownPid()).toBe(process.pid);
    await expect(theirs.check()).rejects.toMatchObject({ code: 'run.taken' });
    theirs.release();
    await lock.check();
    lock.release();
    expect(names()).toEqual([]);
    return;
  }
  const refusal = { code: 'run.taken', message: expect.stringContaining(`process ${others[who]?.pid} on`) };
  await expect(refuseHeld(folder, takeOver)).rejects.toMatchObject(refusal);
  await expect(DirectoryLock.take(folder, takeOver)).rejects.toMatchObject(refusal);
  expect(names()).toEqual(['lock.json']);
  theirs.release();
});

test('of many that find the lock of one that is gone, one takes it', async () => {
  const left = await DirectoryLock.take(folder, false, others['gone from this machine']);
  const text = readFileSync(join(folder, 'lock.json'));
  left.release();
  for (let round = 0; round < 10; round++) {
    writeFileSync(join(folder, 'lock.json'), text);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => DirectoryLock.take(folder, false)));
    const taken = tries.flatMap((tried) => (tried.status === 'fulfilled' ? [tried.value] : []));
    const kept = await Promise.allSettled(taken.map((lock) => lock.check()));
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const lock of taken) lock.release();
    expect(names()).toEqual([]);
  }
});

test('a lock that cannot be read stands, and can be said to be needed no more', async () => {
  writeFileSync(join(folder, 'lock.json'), '');
  await expect(DirectoryLock.take(folder, false)).rejects.toMatchObject({ code: 'run.taken' });
  (await DirectoryLock.take(folder, true)).release();
  expect(names()).toEqual([]);
});

test('a run is not written any more by a process that it was taken from, or whose lock somebody removed', async () => {
  const lock = await DirectoryLock.take(folder, false);
  const store = new DirectoryRunStore(folder, () => lock.check());
  await store.saveSummary(runSummary(1));
  const before = readFileSync(join(folder, RUN, 'run.json'));
  rmSync(join(folder, 'lock.json'));
  const blocked = { code: 'run.taken' };
  await expect(store.saveSummary(runSummary(2))).rejects.toMatchObject(blocked);
  await expect(store.save(runSummary(2), new Uint8Array(3), metricsOf(0, 2), [])).rejects.toMatchObject(blocked);
  await expect(store.saveOutput(RUN, 'a', new Uint8Array(3))).rejects.toMatchObject(blocked);
  await expect(store.deleteRun(RUN)).rejects.toMatchObject(blocked);
  expect(readdirSync(join(folder, RUN))).toEqual(['run.json']);
  expect(readFileSync(join(folder, RUN, 'run.json'))).toEqual(before);
  lock.release();
});

test('the next that writes in a folder removes what processes that are gone left there, and nothing else', async () => {
  const own = hiddenFile(folder);
  const by = ({ pid, started, machine }: ProcessIdentity): string =>
    own.replace(/writing-\d+-\w*-\w+-/, `writing-${pid}-${started}-${machine}-`);
  const kept = [own, by(others['that is alive']!), by(others['of another machine']!), join(folder, '.writing-1.tmp')];
  for (const path of [...kept, by(others['gone from this machine']!), by(others['whose number was given again']!)]) {
    writeFileSync(path, '');
  }
  await writeWhole(join(folder, 'file'), 'new');
  expect(names().toSorted()).toEqual([...kept.map((path) => path.slice(folder.length + 1)), 'file'].toSorted());
  await removeStray(join(folder, 'missing'));
});

test('this process is alive, and has a start time', () => {
  expect(whereabouts(here)).toBe('alive');
  expect(here.started).toMatch(/^[A-Za-z0-9]+$/);
});
