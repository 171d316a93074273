// Imports from the drop to the tiles: reports that wait for a decision, and the imports under way, by dataset.
import type { DroppedFile } from '../../bridge/protocol.ts';
import { NO_SIZES, sizeOf, withSizes } from '../../data/importing/fingerprint.ts';
import { LISTED_ISSUES } from '../../data/importing/importIssues.ts';
import { pairsToImport } from '../../data/importing/importPairs.ts';
import { inspectFiles } from '../../data/importing/inspect.ts';
import type { ImportPlan } from '../../data/importing/plan.ts';
import type { ImportJournal, Listing, PhotoDecoder, TileStore } from '../../data/ports.ts';
import { classesOf } from '../../domain/classes.ts';
import { noClassPixels } from '../../domain/classPixels.ts';
import type { DatasetId, DatasetInfo } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type {
  ImportChoices,
  ImportIssue,
  ImportOptions,
  ImportQuestion,
  ImportReport,
} from '../../domain/importing.ts';
import { type ImportObserver, ImportSession } from './importSession.ts';

export interface ImporterParts {
  readonly tileStore: TileStore;
  readonly decoder: PhotoDecoder;
  /** What was dropped as files to read; opens archives. */
  readonly openFiles: (dropped: readonly DroppedFile[], door: unknown) => Promise<Listing>;
  readonly clock: { nowMs(): number; wallClockMs(): number };
  readonly observe: (id: DatasetId) => ImportObserver;
}

interface Inspected {
  readonly listing: Listing;
  readonly plan: ImportPlan;
  readonly questions: readonly ImportQuestion[];
  readonly findings: readonly ImportIssue[];
}

/** Reports hold on to the files they are about; older ones are forgotten. */
const KEPT_REPORTS = 4;

export class Importer {
  private readonly parts: ImporterParts;
  private readonly inspected = new Map<string, Inspected>();
  private readonly sessions = new Map<DatasetId, ImportSession>();
  private reports = 0;

  constructor(parts: ImporterParts) {
    this.parts = parts;
  }

  /** Looks at a drop; writes nothing. Throws what `inspectFiles` and the opening of archives throw. */
  async inspect(
    dropped: readonly DroppedFile[],
    choices: ImportChoices = {},
    door: unknown = null,
  ): Promise<ImportReport> {
    return this.report(await this.parts.openFiles(dropped, door), choices);
  }

  /** Looks again at the files of a report, with what a person said. Throws as `inspect`, and `data.not-found`. */
  async choose(reportId: string, choices: ImportChoices): Promise<ImportReport> {
    const inspected = this.inspected.get(reportId);
    if (inspected === undefined) throw noReport(reportId);
    return this.report(inspected.listing, choices);
  }

  /** All findings of a report. Throws `data.not-found`. */
  findings(reportId: string): readonly ImportIssue[] {
    const inspected = this.inspected.get(reportId);
    if (inspected === undefined) throw noReport(reportId);
    return inspected.findings;
  }

  private async report(listing: Listing, choices: ImportChoices): Promise<ImportReport> {
    const { decoder, tileStore } = this.parts;
    const { report, plan, findings } = await inspectFiles(listing.files, decoder, {
      choices,
      findings: listing.findings,
    });
    const journal = await this.journalOf(plan);
    const freeBytes = await tileStore.freeBytes();
    const reportId = `report-${++this.reports}`;
    this.inspected.set(reportId, { listing, plan, questions: report.questions, findings });
    for (const oldest of this.inspected.keys()) if (this.inspected.size > KEPT_REPORTS) this.inspected.delete(oldest);
    const resumes = journal && {
      datasetId: journal.datasetId,
      nextIndex: journal.nextIndex,
      options: journal.options,
    };
    return { ...report, reportId, freeBytes, resumes };
  }

  /**
   * Starts the import of a report, or continues an interrupted one of the same files with the same shape of tiles.
   * The dataset is listed when this resolves. Throws `data.not-found`, `data.open-question`, `config.invalid`, `storage.*`.
   */
  async start(reportId: string, options: ImportOptions): Promise<DatasetId> {
    const inspected = this.inspected.get(reportId);
    if (inspected === undefined) throw noReport(reportId);
    const { plan, questions } = inspected;
    if (questions.length > 0) throw openQuestion(plan, questions);
    checkOptions(options);
    const session = (await this.continued(plan, options)) ?? (await this.begun(plan, options));
    session.resume();
    return session.info.id;
  }

  /** The import of a dataset, unless it is complete or gone. */
  session(id: DatasetId): ImportSession | undefined {
    return this.sessions.get(id);
  }

  forget(id: DatasetId): void {
    this.sessions.delete(id);
  }

  /** That of an unfinished import of these very files: those that it read have the sizes that they had. */
  private async journalOf(plan: ImportPlan): Promise<ImportJournal | null> {
    const journal = await this.parts.tileStore.findJournal(plan.fingerprint);
    if (journal?.sizes === undefined) return journal;
    let sizes = NO_SIZES;
    for (const { image, labels } of pairsToImport(plan, journal.options).slice(0, journal.nextIndex)) {
      sizes = withSizes(sizes, [await sizeOf(image), labels === null ? 0 : await sizeOf(labels)]);
    }
    return sizes === journal.sizes ? journal : null;
  }

  private async continued(plan: ImportPlan, options: ImportOptions): Promise<ImportSession | null> {
    const { tileStore, observe } = this.parts;
    const journal = await this.journalOf(plan);
    if (journal === null || !haveSameTiles(journal.options, options)) return null;
    const underWay = this.sessions.get(journal.datasetId);
    if (underWay !== undefined) return underWay;
    const stored = (await tileStore.listDatasets()).find(({ id }) => id === journal.datasetId);
    if (stored === undefined) return null;
    if (journal.issues.length > 0) observe(stored.id).issues(journal.issues);
    return this.open(plan, { ...stored, name: options.name, state: 'importing' }, journal);
  }

  private async begun(plan: ImportPlan, options: ImportOptions): Promise<ImportSession> {
    const { tileStore, clock, observe } = this.parts;
    const createdAtMs = clock.wallClockMs();
    const id = datasetId(createdAtMs);
    const info: DatasetInfo = {
      id,
      name: options.name,
      origin: 'imported',
      layout: plan.layout,
      size: options.size,
      splits: { train: { tiles: 0, labelled: 0 }, val: { tiles: 0, labelled: 0 } },
      ...(plan.classes === undefined ? {} : { classes: plan.classes }),
      coding: { id: plan.coding.id, label: plan.coding.label, certainty: plan.coding.certainty },
      classPixels: Array.from(noClassPixels(classesOf(plan))),
      sizeBytes: 0,
      state: 'importing',
      createdAtMs,
    };
    const { fingerprint, choices, issues } = plan;
    const journal: ImportJournal = {
      datasetId: id,
      fingerprint,
      options,
      choices,
      nextIndex: 0,
      issues: issues.list().slice(0, LISTED_ISSUES),
      issueCounts: issues.countsByCode(),
    };
    await tileStore.append(info, { train: [], val: [] }, journal);
    if (journal.issues.length > 0) observe(id).issues(journal.issues);
    return this.open(plan, info, journal);
  }

  private open(plan: ImportPlan, info: DatasetInfo, journal: ImportJournal): ImportSession {
    const { tileStore, decoder, clock, observe } = this.parts;
    const observer = observe(info.id);
    const session = new ImportSession({ plan, info, journal, tileStore, decoder, observer, nowMs: clock.nowMs });
    this.sessions.set(info.id, session);
    return session;
  }
}

/** Ids sort by age, which is how a store tells the newest of several imports of the same files. */
function datasetId(createdAtMs: number): DatasetId {
  const random = Math.floor(Math.random() * 36 ** 4);
  return `${createdAtMs.toString(36).padStart(9, '0')}${random.toString(36).padStart(4, '0')}` as DatasetId;
}

/** Whether tiles made with the one can be continued with the other; the name may differ. */
function haveSameTiles(a: ImportOptions, b: ImportOptions): boolean {
  const isSameSize = a.size.width === b.size.width && a.size.height === b.size.height;
  return isSameSize && a.mode === b.mode && a.holdOut === b.holdOut;
}

/** Throws `config.invalid`. */
function checkOptions({ name, size, holdOut }: ImportOptions): void {
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= 8192;
  if (name.trim() === '') throw invalid('name', name, 'Give the dataset a name.');
  if (!isSide(size.width)) throw invalid('width', size.width, 'Tile sides are whole numbers from 1 to 8192.');
  if (!isSide(size.height)) throw invalid('height', size.height, 'Tile sides are whole numbers from 1 to 8192.');
  if (!(holdOut >= 0 && holdOut <= 0.5))
    throw invalid('holdOut', holdOut, 'The held-out share lies between 0 and 0.5.');
}

const invalid = (key: string, value: string | number, advice: string): StudioError =>
  new StudioError('config.invalid', `${key} = "${value}" is not possible for an import.`, advice, { key, value });

/** Which coding, or which labels: nothing is written until it is said. */
function openQuestion({ coding }: ImportPlan, questions: readonly ImportQuestion[]): StudioError {
  const asked = questions.map((question) =>
    question.kind === 'coding'
      ? `what the labels mean (${coding.candidates.map(({ id }) => id).join(', ') || 'none of the known codings fits'})`
      : `which ${question.kind} are meant (${question.sets.map(({ name }) => name).join('; ')})`,
  );
  return new StudioError(
    'data.open-question',
    `It is open ${asked.join(', and ')}.`,
    'Choose, or give a table of your own.',
    {
      questions: questions.map(({ kind }) => kind).join(', '),
      candidates: coding.candidates.map(({ id }) => id).join(', '),
    },
  );
}

const noReport = (reportId: string): StudioError =>
  new StudioError('data.not-found', `There is no report ${reportId} any more.`, 'Drop the files again.', { reportId });
