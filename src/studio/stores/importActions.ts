// What a person does to bring data: look at a drop, start, pause, resume, cancel.
import type { DatasetId } from '../../domain/dataset.ts';
import { serialiseError } from '../../domain/errors.ts';
import type { ImportChoices, ImportOptions, ImportReport } from '../../domain/importing.ts';
import { findingsCsv, saveFile } from '../ui/saveFile.ts';
import type { Side } from './datasets.ts';
import { DEFAULT_DRAFT } from './draft.ts';
import { doorTo, type PageFile } from './dropDoor.ts';
import { askToKeep } from './permanence.ts';
import type { Studio } from './studio.ts';

export function openImport(studio: Studio): void {
  studio.imports.setState(({ phase, report }) => ({ open: true, phase: report === null ? 'choosing' : phase }));
}

export function closeImport(studio: Studio): void {
  studio.imports.setState({ open: false, phase: 'choosing', report: null, error: null });
}

/** Looks at the files; the report or the reason against it lands in the imports store. */
export async function inspectFiles(studio: Studio, files: readonly PageFile[]): Promise<void> {
  const { imports, client } = studio;
  imports.setState({ open: true, phase: 'inspecting', fileCount: files.length, report: null, error: null });
  try {
    const door = doorTo(files);
    const listed = files.map(({ path, open }) => ({ path, isReadable: open !== null }));
    const { report } = await client.request('import.inspect', { files: listed, door }, [door]);
    imports.setState(({ phase }) => (phase === 'inspecting' ? { phase: 'report', report } : {}));
  } catch (error) {
    imports.setState({ phase: 'choosing', error: serialiseError(error) });
  }
}

/** Looks again at the files of the report on screen, with what the person said. */
export async function chooseImport(studio: Studio, choices: ImportChoices): Promise<void> {
  const { imports, client } = studio;
  const before = imports.getState().report;
  if (before === null) return;
  imports.setState({ phase: 'looking-again', error: null });
  try {
    const { report } = await client.request('import.choose', { reportId: before.reportId, choices });
    imports.setState(({ phase }) => (phase === 'looking-again' ? { phase: 'report', report } : {}));
  } catch (error) {
    imports.setState({ phase: 'report', error: serialiseError(error) });
  }
}

/** Saves all that the report on screen found: a line a finding, after how many there are of each kind. */
export async function saveReportFindings(studio: Studio, { reportId, issueCounts }: ImportReport): Promise<void> {
  try {
    const { issues } = await studio.client.request('import.findings', { reportId });
    saveFile('findings.csv', findingsCsv(issues, issueCounts));
  } catch (error) {
    studio.imports.setState({ error: serialiseError(error) });
  }
}

/** Starts the import of the report on screen and, if wished, puts the new dataset to use. */
export async function startImport(studio: Studio, options: ImportOptions, use: Side | null): Promise<void> {
  const { imports, client, draft } = studio;
  const { report } = imports.getState();
  if (report === null) return;
  imports.setState({ phase: 'starting', error: null });
  void askToKeep();
  try {
    const { datasetId } = await client.request('import.start', { reportId: report.reportId, options });
    closeImport(studio);
    if (use !== null) draft.setState({ [use]: { kind: 'imported', id: datasetId } });
  } catch (error) {
    imports.setState({ phase: 'report', error: serialiseError(error) });
  }
}

export function pauseImport(studio: Studio, datasetId: DatasetId): void {
  studio.client.command('import.pause', { datasetId });
}
export function resumeImport(studio: Studio, datasetId: DatasetId): void {
  studio.client.command('import.resume', { datasetId });
}
export function cancelImport(studio: Studio, datasetId: DatasetId): void {
  studio.client.command('import.cancel', { datasetId });
  studio.draft.setState(({ source, target }) => ({
    source: source.kind === 'imported' && source.id === datasetId ? DEFAULT_DRAFT.source : source,
    target: target.kind === 'imported' && target.id === datasetId ? DEFAULT_DRAFT.target : target,
  }));
}

/** Takes the card of an import that ended off the panel. */
export function forgetImport(studio: Studio, datasetId: DatasetId): void {
  studio.imports.setState(({ progress }) => {
    const { [datasetId]: _ended, ...rest } = progress;
    return { progress: rest };
  });
}
