// What the owner of a run holds, so that nobody else trains it or deletes what it reads, and its line to those who watch.
import type { RunConfig, RunId } from '../../../domain/run.ts';
import { type Owner, RunCast } from './runLine.ts';
import { datasetName, type Hold, runName, type Sharing } from './sharing.ts';

/** How long an owner may take to save and let go of a run that another tab asks for. */
const HAND_OVER_MS = 5000;

interface Claim extends Owner {
  /** Whoever has the run was asked to let go, and is left without it if it does not. */
  readonly isAskedFor: boolean;
  /** Another tab took the run. */
  onLost(): void;
}

export class Ownership {
  readonly cast: RunCast | null;
  private readonly holds: readonly Hold[];

  private constructor(holds: readonly Hold[], cast: RunCast | null) {
    this.holds = holds;
    this.cast = cast;
  }

  /** Null where another tab has the run. A host that shares with nobody owns everything. */
  static async of(
    sharing: Sharing | null,
    runId: RunId,
    config: RunConfig,
    { isAskedFor, onLost, ...owner }: Claim,
  ): Promise<Ownership | null> {
    if (sharing === null) return new Ownership([], null);
    const waitMs = isAskedFor ? HAND_OVER_MS : 0;
    const run = await sharing.hold(runName(runId), { mode: 'exclusive', waitMs, steal: isAskedFor, onLost });
    if (run === null) return null;
    const read = datasetsOf(config).map((id) => sharing.hold(datasetName(id), { mode: 'shared', waitMs: 0 }));
    const holds = [run, ...(await Promise.all(read)).filter((hold) => hold !== null)];
    return new Ownership(holds, new RunCast(sharing, runId, owner));
  }

  release(): void {
    this.cast?.close();
    for (const hold of this.holds) hold.release();
  }
}

/** Imported datasets that a run reads. */
export const datasetsOf = ({ source, target, validation }: RunConfig): readonly string[] => [
  ...new Set([source, target, validation].flatMap((ref) => (ref?.kind === 'imported' ? [ref.id] : []))),
];
