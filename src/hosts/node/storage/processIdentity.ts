// Which process something belongs to, so that another one can tell whether it is still there: by number and start time, for
// numbers are given again; on this machine only, for nobody sees the processes of another.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own words; empty where they cannot be had. Letters and digits. */
  readonly started: string;
  /** The machine's name for people. */
  readonly host: string;
  /** Tells apart machines, and containers that do not see each other's processes. Letters and digits. */
  readonly machine: string;
}

/** `elsewhere`: on a machine that this process cannot look into. */
export type Whereabouts = 'alive' | 'gone' | 'elsewhere';

const attempt = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return '';
  }
};

/** When a process began: clock ticks since the machine did (proc(5), field 22), else what `ps` says; empty if neither tells. */
function startOf(pid: number): string {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in brackets, which may hold anything.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (ticks !== undefined) return ticks;
  const said = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return (said.stdout ?? '').replace(/[^A-Za-z0-9]/g, '');
}

function machineOf(): string {
  const id = attempt(() => readFileSync('/etc/machine-id', 'utf8'));
  const processes = attempt(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${hostname()} ${id} ${processes}`).digest('hex').slice(0, 12);
}

let own: ProcessIdentity | null = null;
export function thisProcess(): ProcessIdentity {
  own ??= { pid: process.pid, started: startOf(process.pid), host: hostname(), machine: machineOf() };
  return own;
}

export function whereabouts({ pid, started, machine }: Omit<ProcessIdentity, 'host'>): Whereabouts {
  if (machine !== thisProcess().machine) return 'elsewhere';
  if (!exists(pid)) return 'gone';
  const now = startOf(pid);
  return now === '' || started === '' || now === started ? 'alive' : 'gone';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
