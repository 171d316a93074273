// Decides what the values in a dataset's labels mean by looking into a few of them: train ids, GTA5 ids and CamVid
// masks can all lie in folders of the same names.
import { StudioError } from '../../domain/errors.ts';
import type { Coding } from '../codings/core/coding.ts';
import { CODINGS } from '../codings/registry.ts';
import { mapLabels } from '../decode/decodeLabels.ts';
import { decodePng, type PngPixels } from '../decode/decodePng.ts';
import { layoutEntry } from '../layouts/registry.ts';
import type { SourceFile } from '../ports.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { NamedPair } from './pairing/pairFiles.ts';
import { layoutOfCoding, PLAIN_LAYOUT } from './pairing/recognise.ts';
import { readWhole } from './readWhole.ts';

export interface LabelCoding {
  /** Id of the layout. */
  readonly layout: string;
  /** Id of the coding. */
  readonly coding: string;
}

/** Share of pixels that a coding leaves unexplained; 1 where it cannot read the file at all. */
function unexplained(png: PngPixels, coding: Coding): number {
  try {
    const { unknown } = mapLabels(png, '', coding);
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

const PLAIN_CODINGS = ['train-ids', 'gta5', 'cityscapes-colours', 'camvid-32-colours'];

/** The coding of a dataset's labels, from up to six of them spread over the dataset. */
export async function detectCoding(
  layout: string,
  pairs: readonly NamedPair[],
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<LabelCoding> {
  const named = layout === PLAIN_LAYOUT ? PLAIN_CODINGS : layoutEntry(layout).codings;
  const candidates = named.flatMap((id) => CODINGS.filter((coding) => coding.id === id));
  const open = pairs.flatMap(({ labels, coding }) => (labels === null || coding !== null ? [] : [labels]));
  const samples = candidates.length === 1 ? [] : await decodeSome(open, 6, limits);
  const promised = candidates.find((coding) =>
    samples.some(({ palette }) => palette !== null && coding.isPromisedBy?.(palette) === true),
  );
  const ranked = candidates.map((coding) => ({
    coding,
    unexplained: samples.reduce((total, png) => total + unexplained(png, coding), 0),
  }));
  // The first of those that leave the fewest pixels unexplained.
  const best = ranked.reduce<(typeof ranked)[number] | null>(
    (so, next) => (so === null || next.unexplained < so.unexplained - 1e-9 ? next : so),
    null,
  );
  const { id } = promised ?? best?.coding ?? { id: 'train-ids' };
  return { layout: layoutOfCoding(layout, id), coding: id };
}
