// What a person does to datasets: choose, preview, delete.
import type { DatasetId, DatasetInfo, SceneSettings, Size } from '../../domain/dataset.ts';
import { serialiseError } from '../../domain/errors.ts';
import { findingsCsv, saveFile } from '../ui/saveFile.ts';
import type { Preview, Side } from './datasets.ts';
import { type DatasetChoice, DEFAULT_DRAFT, type DraftState, refOf } from './draft.ts';
import { reportFailure } from './engine.ts';
import type { Studio } from './studio.ts';

const PREVIEW_INDICES = [0, 1, 2] as const;
const REFINE_AFTER_MS = 250;

/** Keeps both sides' previews up with the draft: while one request is out, only the newest wish is remembered. */
export function keepPreviewsFresh(studio: Studio): () => void {
  const loops = { source: previewLoop(studio, 'source'), target: previewLoop(studio, 'target') };
  const refresh = (draft: DraftState, before?: DraftState): void => {
    if (draft.scenes !== before?.scenes || draft.source !== before.source) loops.source(draft);
    if (draft.scenes !== before?.scenes || draft.target !== before.target) loops.target(draft);
  };
  refresh(studio.draft.getState());
  return studio.draft.subscribe(refresh);
}

function previewLoop(studio: Studio, side: Side): (draft: DraftState) => void {
  let wanted: DraftState | null = null;
  let asking = false;
  const show = async (draft: DraftState, size: Size): Promise<void> => {
    const preview = await loadPreview(studio, { ...draft.scenes, size }, draft[side]);
    studio.datasets.setState(({ previews }) => ({ previews: { ...previews, [side]: preview } }));
  };
  const loop = async (): Promise<void> => {
    asking = true;
    while (wanted !== null) {
      const draft = wanted;
      wanted = null;
      try {
        await show(draft, draft.scenes.size);
        // While a slider moves, small pictures keep up with it; once it rests, the scene is drawn for the eye.
        const isForTheEye = (): boolean => wanted === null && !hasRun(studio) && draft[side].kind === 'scenes';
        if (await restsFor(REFINE_AFTER_MS, isForTheEye)) {
          await show(draft, sizeForTheEye(draft.scenes.size));
        }
      } catch (error) {
        reportFailure(studio.engine, serialiseError(error));
      }
    }
    asking = false;
  };
  return (draft) => {
    wanted = draft;
    if (!asking) void loop();
  };
}

function hasRun({ runs }: Studio): boolean {
  const { current, busy } = runs.getState();
  return busy || current !== null;
}

async function restsFor(durationMs: number, isResting: () => boolean): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  return isResting();
}

/** Scenes can be drawn at any size: previews get about as many pixels as the screen shows of them. */
function sizeForTheEye({ width, height }: Size): Size {
  const scale = Math.max(1, Math.round(384 / width));
  return { width: width * scale, height: height * scale };
}

async function loadPreview(studio: Studio, settings: SceneSettings, choice: DatasetChoice): Promise<Preview | null> {
  if (choice.kind === 'scenes') {
    const ask = { role: choice.role, settings, indices: PREVIEW_INDICES };
    const { tiles } = await studio.client.request('scenes.preview', ask);
    return { size: settings.size, tiles };
  }
  const info = studio.datasets.getState().imported.find(({ id }) => id === choice.id);
  if (info === undefined) return null;
  const indices = PREVIEW_INDICES.filter((index) => index < info.splits.train.tiles);
  const dataset = refOf(choice, settings);
  const { tiles } = await studio.client.request('dataset.tiles', { dataset, split: 'train', indices });
  return { size: info.size, tiles };
}

/** Deletes an imported dataset; where the draft used it, the built-in pair takes its place. */
export async function deleteDataset(studio: Studio, datasetId: DatasetId): Promise<void> {
  try {
    const { datasets } = await studio.client.request('dataset.delete', { datasetId });
    studio.datasets.setState({ imported: datasets });
    studio.draft.setState(({ source, target }) => ({
      source: isDataset(source, datasetId) ? DEFAULT_DRAFT.source : source,
      target: isDataset(target, datasetId) ? DEFAULT_DRAFT.target : target,
    }));
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

/** Saves what the import of a dataset found: a line a finding, after how many there are of each kind. */
export async function saveFindings(studio: Studio, { id, name }: DatasetInfo): Promise<void> {
  try {
    const { issues, counts } = await studio.client.request('dataset.findings', { datasetId: id });
    saveFile(`${name} findings.csv`, findingsCsv(issues, counts));
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}

export function isDataset(choice: DatasetChoice, id: DatasetId): boolean {
  return choice.kind === 'imported' && choice.id === id;
}
