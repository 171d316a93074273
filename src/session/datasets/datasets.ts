// The datasets of a studio, wherever they lie: built-in scenes rendered on the spot, imported tiles in the store,
// imports under way. Backs the bridge's `dataset.*`, `import.*` and `scenes.preview`.
import type { DroppedFile } from '../../bridge/protocol.ts';
import type { Emit } from '../../bridge/server.ts';
import type { Listing, PhotoDecoder, TileSource, TileStore } from '../../data/ports.ts';
import type {
  DatasetId,
  DatasetInfo,
  DatasetRef,
  SceneRole,
  SceneSettings,
  Split,
  Tile,
} from '../../domain/dataset.ts';
import { StudioError, serialiseError } from '../../domain/errors.ts';
import type { ImportChoices, ImportIssue, ImportOptions, ImportReport } from '../../domain/importing.ts';
import { createSceneSource } from '../../scenes/sceneSource.ts';
import { Importer } from '../importing/importer.ts';
import type { ImportObserver, ImportSession, ImportStatus } from '../importing/importSession.ts';
import { whyUnreadable } from './storedDataset.ts';

export interface DatasetsParts {
  readonly tileStore: TileStore;
  readonly decoder: PhotoDecoder;
  /** What was dropped as files to read; opens archives. */
  readonly openFiles: (dropped: readonly DroppedFile[], door: unknown) => Promise<Listing>;
  readonly clock?: { nowMs(): number; wallClockMs(): number };
}

const systemClock = { nowMs: () => performance.now(), wallClockMs: () => Date.now() };

export function createDatasets(parts: DatasetsParts, emit: Emit): Datasets {
  return new Datasets(parts, emit);
}

export class Datasets {
  private readonly tileStore: TileStore;
  private readonly emit: Emit;
  private readonly importer: Importer;
  /** The newest description seen of each imported dataset: sources grow with it. */
  private readonly newest = new Map<DatasetId, DatasetInfo>();
  private readonly rested = new Map<DatasetId, ImportStatus>();
  /** What was said of datasets that cannot be read. */
  private readonly named = new Set<string>();
  private pendingChanges = 0;

  constructor({ tileStore, decoder, openFiles, clock = systemClock }: DatasetsParts, emit: Emit) {
    this.tileStore = tileStore;
    this.emit = emit;
    this.importer = new Importer({ tileStore, decoder, openFiles, clock, observe: (id) => this.observer(id) });
  }

  /** Imported datasets, newest first. One left behind by a closed tab shows as `interrupted`. */
  async list(): Promise<readonly DatasetInfo[]> {
    const stored = await this.tileStore.listDatasets();
    const shown = stored.filter((info) => this.isReadable(info)).map((info) => this.withState(info));
    for (const info of shown) this.newest.set(info.id, info);
    return shown;
  }

  /** For training. Of a dataset that is still coming in, `info` grows as tiles arrive. Throws `data.not-found`. */
  async source(ref: DatasetRef): Promise<TileSource> {
    if (ref.kind === 'scenes') return createSceneSource(ref.role, ref.settings);
    const { id } = ref;
    const found = (await this.list()).find((info) => info.id === id);
    if (found === undefined) throw noDataset(id);
    const { newest, tileStore } = this;
    return {
      get info() {
        return newest.get(id) ?? found;
      },
      read: (split, indices) => tileStore.read(id, split, indices),
    };
  }

  async tiles(ref: DatasetRef, split: Split, indices: readonly number[]): Promise<readonly Tile[]> {
    return (await this.source(ref)).read(split, indices);
  }

  /** Tiles of the built-in pair's training split. */
  async preview(role: SceneRole, settings: SceneSettings, indices: readonly number[]): Promise<readonly Tile[]> {
    return createSceneSource(role, settings).read('train', indices);
  }

  /** Looks at a drop; writes nothing. Throws `data.*`, `storage.*`. */
  inspect(dropped: readonly DroppedFile[], choices?: ImportChoices, door?: unknown): Promise<ImportReport> {
    return this.importer.inspect(dropped, choices, door);
  }

  /** Looks again at the files of a report, with what a person said about them. Throws as `inspect`. */
  choose(reportId: string, choices: ImportChoices): Promise<ImportReport> {
    return this.importer.choose(reportId, choices);
  }

  /** All that a report found. Throws `data.not-found`. */
  findingsOf(reportId: string): readonly ImportIssue[] {
    return this.importer.findings(reportId);
  }

  /** What the import of a dataset found; nothing for datasets from before findings were kept. */
  async findings(
    id: DatasetId,
  ): Promise<{ readonly issues: readonly ImportIssue[]; readonly counts: Readonly<Record<string, number>> }> {
    const journal = await this.tileStore.journalOf(id);
    return { issues: journal?.issues ?? [], counts: journal?.issueCounts ?? {} };
  }

  /** Starts or continues an import; its progress comes as events. Throws `data.not-found`, `config.invalid`, `storage.*`. */
  async start(reportId: string, options: ImportOptions): Promise<DatasetId> {
    const id = await this.importer.start(reportId, options);
    void this.announce();
    return id;
  }

  /** Throws `data.not-found` if the dataset is not being imported here; so do the next two. */
  pause(id: DatasetId): void {
    this.importOf(id).pause();
  }

  resume(id: DatasetId): void {
    this.importOf(id).resume();
  }

  /** Stops the import and deletes what it wrote. */
  cancel(id: DatasetId): void {
    this.importOf(id).cancel();
  }

  /** Deletes a dataset, stopping its import first. Resolves with the datasets that are left. */
  async remove(id: DatasetId): Promise<readonly DatasetInfo[]> {
    const underWay = this.importer.session(id);
    underWay?.cancel();
    if ((await underWay?.settled()) !== 'cancelled') await this.tileStore.deleteDataset(id);
    this.forget(id);
    void this.announce();
    return this.list();
  }

  /** Resolves when the import of a dataset rests; at once if it has none. For hosts that wait instead of watching. */
  async settled(id: DatasetId): Promise<ImportStatus> {
    return (await this.importer.session(id)?.settled()) ?? this.rested.get(id) ?? 'done';
  }

  private importOf(id: DatasetId): ImportSession {
    const session = this.importer.session(id);
    if (session !== undefined) return session;
    throw new StudioError(
      'data.not-found',
      `No import of dataset ${id} is under way here.`,
      'Drop the same files again: the import continues where it stopped.',
      { datasetId: id },
    );
  }

  private observer(id: DatasetId): ImportObserver {
    return {
      progress: (progress) => {
        const { status } = progress;
        this.emit('import.progress', { progress });
        if (status === 'running') return;
        this.rested.set(id, status);
        if (status === 'done' || status === 'cancelled') this.importer.forget(id);
        void this.announce();
      },
      issues: (issues) => this.emit('import.issues', { datasetId: id, issues }),
      dataset: (info) => {
        if (info === null) this.forget(id);
        else this.newest.set(id, info);
        void this.announce();
      },
      failure: (error) => this.emit('failure', { error: serialiseError(error) }),
    };
  }

  private forget(id: DatasetId): void {
    this.importer.forget(id);
    this.newest.delete(id);
  }

  /** Says once of each that cannot be read. */
  private isReadable(stored: DatasetInfo): boolean {
    const error = whyUnreadable(stored);
    if (error === null) return true;
    if (!this.named.has(error.message)) this.emit('failure', { error: serialiseError(error) });
    this.named.add(error.message);
    return false;
  }

  /** `importing` is only what is being imported here and now; the rest of a broken import waits for its files. */
  private withState(stored: DatasetInfo): DatasetInfo {
    const session = this.importer.session(stored.id);
    const info = session?.info ?? stored;
    const isUnderWay = session?.status === 'running' || session?.status === 'paused';
    return info.state === 'importing' && !isUnderWay ? { ...info, state: 'interrupted' } : info;
  }

  /** Sends the list of datasets; changes that come while one list is read are told together by the next. */
  private async announce(): Promise<void> {
    if (++this.pendingChanges > 1) return;
    try {
      for (let told = 0; told < this.pendingChanges; ) {
        told = this.pendingChanges;
        this.emit('dataset.changed', { datasets: await this.list() });
      }
    } catch (error) {
      this.emit('failure', { error: serialiseError(error) });
    } finally {
      this.pendingChanges = 0;
    }
  }
}

const noDataset = (id: DatasetId): StudioError =>
  new StudioError('data.not-found', `There is no dataset ${id}.`, 'It was deleted; choose another one.', {
    datasetId: id,
  });
