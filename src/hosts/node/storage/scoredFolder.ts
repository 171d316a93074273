// A folder that a network is scored on: its pairs read one after another, each picture at the network's size beside its truth as
// the file has it. Nothing is kept: a set of any size passes by.
import { batchOf } from '../../../data/feed/batcher.ts';
import { IssueLog } from '../../../data/importing/importIssues.ts';
import { tilesOf } from '../../../data/importing/importPairs.ts';
import { inspectFiles } from '../../../data/importing/inspect.ts';
import type { ImportPlan } from '../../../data/importing/plan.ts';
import { type ClassSet, classesOf } from '../../../domain/classes.ts';
import { type HostBatch, type Size, SPLITS, type Tile } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import type { ImportChoices } from '../../../domain/importing.ts';
import type { LabelledPicture } from '../../../engine/training/evaluateAtLabels.ts';
import { nodePhotoDecoder } from '../decodePhoto.ts';
import { codingText, findingLines, questionText } from '../report/importText.ts';
import { OpenQuestion } from '../runCommand.ts';
import { filesAt } from './nodeFiles.ts';

/** Pictures per forward pass: bounds memory, changes no score. */
const BATCH = 8;

export class ScoredFolder {
  readonly classes: ClassSet;
  private readonly path: string;
  private readonly plan: ImportPlan;
  private readonly size: Size;
  private readonly log: IssueLog;

  /** `size` is what pictures are resized to. */
  constructor(path: string, plan: ImportPlan, size: Size) {
    this.path = path;
    // Whatever the folder calls them: all of it is scored, what is named for training first.
    this.plan = { ...plan, pairs: SPLITS.flatMap((split) => plan.pairs.filter((pair) => pair.split === split)) };
    this.size = size;
    this.log = new IssueLog(plan.issues.list());
    this.classes = classesOf(plan);
  }

  /** Every labelled pair that can be used. Throws `data.empty-dataset` at the end if none could. */
  async *pictures(): AsyncGenerator<LabelledPicture> {
    for await (const { tile, truth } of this.labelled()) yield { image: tile.image, truth };
  }

  /** The same with labels brought to the pictures' size. */
  async *batches(): AsyncGenerator<HostBatch> {
    yield* inBatches(this.labelled(), this.size, true);
  }

  /** `count` batches of all pictures without their labels, over and over, the last of a round perhaps smaller. */
  async *unlabelled(count: number): AsyncGenerator<HostBatch> {
    let done = 0;
    for (let before = -1; before < done; ) {
      before = done;
      for await (const batch of inBatches(this.read(this.plan), this.size, false)) {
        yield batch;
        if (++done === count) return;
      }
    }
  }

  /** What is odd about the files, a line a kind: known once the pairs were read. */
  findings(): readonly string[] {
    return findingLines(this.log.list(), this.log.countsByCode());
  }

  private async *labelled() {
    const pairs = this.plan.pairs.filter(({ labels }) => labels !== null);
    let used = 0;
    for await (const { tile, truth } of this.read({ ...this.plan, pairs }, this.log)) {
      if (truth === null) continue;
      used++;
      yield { tile, truth };
    }
    if (used === 0) throw nothingUsable(this.path);
  }

  private async *read(plan: ImportPlan, log?: IssueLog) {
    const options = { name: this.path, size: this.size, mode: 'resize', holdOut: 0 } as const;
    for await (const { tiles, truth, issues } of tilesOf(plan, options, nodePhotoDecoder)) {
      log?.add(issues);
      for (const tile of tiles) yield { tile, truth };
    }
  }
}

async function* inBatches(
  read: AsyncIterable<{ readonly tile: Tile }>,
  size: Size,
  withLabels: boolean,
): AsyncGenerator<HostBatch> {
  let tiles: Tile[] = [];
  for await (const { tile } of read) {
    tiles.push(tile);
    if (tiles.length < BATCH) continue;
    yield batchOf(tiles, size, withLabels, []);
    tiles = [];
  }
  if (tiles.length > 0) yield batchOf(tiles, size, withLabels, []);
}

/**
 * Looks into a folder and says what it found; `prefix` is that of the options that answer questions about it. Throws
 * `OpenQuestion`, what `filesAt` and `inspectFiles` throw, and `config.unmet-need` where no photo has labels.
 */
export async function openScoredFolder(
  path: string,
  size: Size,
  { choices, prefix }: { readonly choices: ImportChoices; readonly prefix: string },
): Promise<ScoredFolder> {
  const { files, findings } = await filesAt([path]);
  const { report, plan } = await inspectFiles(files, nodePhotoDecoder, { choices, findings });
  if (report.questions.length > 0) throw new OpenQuestion(path, questionText(report, prefix));
  const labelled = plan.pairs.filter(({ labels }) => labels !== null).length;
  console.log(`${path}: ${report.layout}, ${labelled} labelled of ${plan.pairs.length} photos`);
  console.log(`  ${codingText(report.coding)}`);
  if (labelled > 0) return new ScoredFolder(path, plan, size);
  throw new StudioError(
    'config.unmet-need',
    `"${path}" has no labels (${plan.pairs.length} photos).`,
    'Choose a folder that has some.',
    { dataset: path, images: plan.pairs.length },
  );
}

const nothingUsable = (path: string): StudioError =>
  new StudioError(
    'data.empty-dataset',
    `None of the labelled pairs of "${path}" could be used.`,
    'Say `inspect` of it: the findings name the reason for every file.',
    { path },
  );
