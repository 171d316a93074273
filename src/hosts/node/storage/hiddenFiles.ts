// Files on their way to a name: hidden, and named for the process that writes them, so that what a killed one left is known and
// removed by the next that writes beside it.
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { thisProcess, whereabouts } from './processIdentity.ts';

const NAME = /^\.writing-(\d+)-([A-Za-z0-9]*)-([A-Za-z0-9]+)-[0-9a-f]{12}\.tmp$/;

/** A path in `folder` that no other file has. */
export function hiddenFile(folder: string): string {
  const { pid, started, machine } = thisProcess();
  return join(folder, `.writing-${pid}-${started}-${machine}-${randomBytes(6).toString('hex')}.tmp`);
}

const swept = new Set<string>();

/** Removes what processes that are gone left in `folder`, once a process. What cannot be removed stays: it is in nobody's way. */
export async function removeStray(folder: string): Promise<void> {
  const place = resolve(folder);
  if (swept.has(place)) return;
  swept.add(place);
  const names = await readdir(place).catch(() => []);
  const isStray = (name: string): boolean => {
    const [, pid, started = '', machine = ''] = NAME.exec(name) ?? [];
    return pid !== undefined && whereabouts({ pid: Number(pid), started, machine }) === 'gone';
  };
  await Promise.all(names.filter(isStray).map((name) => rm(join(place, name), { force: true }).catch(() => undefined)));
}
