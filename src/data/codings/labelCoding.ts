// Decides what the values in a dataset's labels mean by looking into a few of them: train ids, GTA5 ids and CamVid
// masks can all lie in folders of the same names.
import { CLASSES } from '../../domain/classes.ts';
import type { LayoutId } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { mapLabels } from '../decode/decodeLabels.ts';
import { decodePng, type PngPixels } from '../decode/decodePng.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import type { NamedPair } from '../importing/pairing.ts';
import { readWhole } from '../importing/readWhole.ts';
import type { NamingId } from '../layouts/layouts.ts';
import type { SourceFile } from '../ports.ts';
import { LABEL_MAPPINGS, type LabelMappingId } from './labelMappings.ts';

export interface LabelCoding {
  readonly layout: LayoutId;
  readonly mapping: LabelMappingId;
}

/** In order of preference: the first of those that leave the fewest pixels unexplained wins. */
const CANDIDATES: Readonly<Record<NamingId, readonly LabelCoding[]>> = {
  cityscapes: [{ layout: 'cityscapes', mapping: 'cityscapes-ids' }],
  camvid: [
    { layout: 'camvid', mapping: 'camvid-11' },
    { layout: 'camvid', mapping: 'camvid-32-colours' },
    { layout: 'camvid', mapping: 'train-ids' },
  ],
  folders: [
    { layout: 'plain', mapping: 'train-ids' },
    { layout: 'gta5', mapping: 'gta5' },
    { layout: 'plain', mapping: 'cityscapes-colours' },
    { layout: 'camvid', mapping: 'camvid-32-colours' },
  ],
};

const GTA5: LabelCoding = { layout: 'gta5', mapping: 'gta5' };

/** Whether the palette paints label ids (not train ids) in Cityscapes colours, as every GTA5 label file does. */
function hasLabelIdPalette({ palette }: PngPixels): boolean {
  if (palette === null) return false;
  return CLASSES.every(({ labelId, rgb }) => rgb.every((value, channel) => palette[labelId]?.[channel] === value));
}

/** Share of pixels that a coding leaves unexplained; 1 where it cannot read the file at all. */
function unexplained(png: PngPixels, mapping: LabelMappingId): number {
  try {
    const { unknown } = mapLabels(png, '', LABEL_MAPPINGS[mapping]);
    const pixels = [...unknown.values()].reduce((sum, count) => sum + count, 0);
    return pixels / (png.width * png.height);
  } catch (error) {
    if (error instanceof StudioError) return 1;
    throw error;
  }
}

async function decodeSome(files: readonly SourceFile[], wanted: number, limits: ImportLimits): Promise<PngPixels[]> {
  const decoded: PngPixels[] = [];
  const step = Math.max(1, files.length / (wanted * 2));
  for (let at = 0; at < files.length && decoded.length < wanted; at += step) {
    const file = files[Math.floor(at)];
    if (file === undefined) break;
    try {
      decoded.push(decodePng(await readWhole(file, limits), file.path, limits));
    } catch (error) {
      // A bad file says nothing about the coding; the inspection that follows reports it.
      if (!(error instanceof StudioError)) throw error;
    }
  }
  return decoded;
}

/** The coding of a dataset's labels, from up to six of them spread over the dataset. */
export async function detectCoding(
  naming: NamingId,
  pairs: readonly NamedPair[],
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<LabelCoding> {
  const candidates = CANDIDATES[naming];
  const [fallback, ...others] = candidates;
  const open = pairs.flatMap(({ labels, mapping }) => (labels === null || mapping !== null ? [] : [labels]));
  if (fallback === undefined || others.length === 0 || open.length === 0) return fallback ?? GTA5;
  const samples = await decodeSome(open, 6, limits);
  if (naming === 'folders' && samples.some(hasLabelIdPalette)) return GTA5;
  let best = fallback;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const sum = samples.reduce((total, png) => total + unexplained(png, candidate.mapping), 0);
    if (sum < least - 1e-9) {
      best = candidate;
      least = sum;
    }
  }
  return best;
}
