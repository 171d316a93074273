// Folders and zips given on the command line as datasets in memory: the same import as the studio's, told on the terminal.
import { access, constants } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Emit } from '../../../bridge/server.ts';
import { allAsValidation } from '../../../data/importing/allAsValidation.ts';
import type { TileSource } from '../../../data/ports.ts';
import type { DatasetId, DatasetRef, Size } from '../../../domain/dataset.ts';
import { reviveError, type StudioError } from '../../../domain/errors.ts';
import type { ImportChoices } from '../../../domain/importing.ts';
import { createDatasets } from '../../../session/datasets/datasets.ts';
import { MemoryTileStore } from '../../../session/storage/memoryTileStore.ts';
import { nodePhotoDecoder } from '../decodePhoto.ts';
import { nodeClock } from '../nodeClock.ts';
import { codingText, findingLines, questionText } from '../report/importText.ts';
import { OpenQuestion } from '../runCommand.ts';
import { readError } from './fileErrors.ts';
import { filesAt } from './nodeFiles.ts';

export interface FolderUse {
  /** Share held out for validation where the folder has no validation split. */
  readonly holdOut: number;
  /** Everything in it is for validation. */
  readonly onlyValidation?: boolean;
  /** What the command says about the folder. */
  readonly choices?: ImportChoices;
  /** Prefix of the options that say it. */
  readonly prefix?: string;
}

/** Throws `data.not-found` or `data.unreadable-file` for what is not there to import, before any of it takes its time. */
export async function expectThere(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await access(path, constants.R_OK).catch((error: unknown) => {
      throw readError(path, error);
    });
  }
}

/** What the name of a dataset from a folder begins with, whatever is found in it: its place and the size of its tiles. */
export const nameBegins = (path: string, { width, height }: Size): string => `${resolve(path)}, ${width}x${height}, `;

export class FolderDatasets {
  private readonly size: Size;
  /** What this process calls a dataset, by what its run calls it, which is the same whenever the command is given again. */
  private readonly added = new Map<DatasetId, { readonly id: DatasetId; readonly onlyValidation: boolean }>();
  private failure: StudioError | null = null;
  private readonly emit: Emit = (name, body) => {
    if (name === 'failure' && 'error' in body) this.failure = reviveError(body.error);
  };
  private readonly datasets = createDatasets(
    {
      tileStore: new MemoryTileStore(),
      decoder: nodePhotoDecoder,
      openFiles: (dropped) => filesAt(dropped.map(({ path }) => path)),
      clock: nodeClock,
    },
    this.emit,
  );

  constructor(size: Size) {
    this.size = size;
  }

  /** Imports a folder; a line says what was found, and one per kind of problem with its first file. */
  async add(
    path: string,
    { holdOut, onlyValidation = false, choices = {}, prefix = '' }: FolderUse,
  ): Promise<DatasetRef> {
    const startedAtMs = nodeClock.nowMs();
    const report = await this.datasets.inspect([{ path, isReadable: true }], choices);
    if (report.questions.length > 0) throw new OpenQuestion(path, questionText(report, prefix));
    const id = await this.datasets.start(report.reportId, {
      name: basename(path),
      size: this.size,
      mode: 'resize',
      holdOut,
    });
    const status = await this.datasets.settled(id);
    if (status !== 'done') throw this.failure ?? new Error(`The import of ${path} ended as ${status}.`);
    const { splits } = (await this.datasets.source({ kind: 'imported', id })).info;
    const use = onlyValidation ? 'only for validation' : `${holdOut} held out`;
    const said = Object.keys(choices).length === 0 ? '' : `, ${JSON.stringify(choices)}`;
    const lasting = `${nameBegins(path, this.size)}${splits.train.tiles} + ${splits.val.tiles} images, ${use}${said}`;
    this.added.set(lasting as DatasetId, { id, onlyValidation });
    const seconds = ((nodeClock.nowMs() - startedAtMs) / 1000).toFixed(1);
    console.log(
      `${path}: ${report.layout}, ${splits.train.tiles} training (${splits.train.labelled} labelled) and ${splits.val.tiles} validation images in ${seconds} s`,
    );
    console.log(`  ${codingText(report.coding)}`);
    const { issues, counts } = await this.datasets.findings(id);
    for (const line of findingLines(issues, counts)) console.log(line);
    return { kind: 'imported', id: lasting as DatasetId };
  }

  async source(ref: DatasetRef): Promise<TileSource> {
    const added = ref.kind === 'imported' ? this.added.get(ref.id) : undefined;
    if (added === undefined) return this.datasets.source(ref);
    const source = await this.datasets.source({ kind: 'imported', id: added.id });
    return added.onlyValidation ? allAsValidation(source) : source;
  }
}
