// Decides what the values in a dataset's labels mean by looking into a few of them: train ids, GTA5 ids and CamVid
// masks can all lie in folders of the same names.
import { StudioError } from '../../domain/errors.ts';
import type { Coding } from '../codings/core/coding.ts';
import { codingEntry } from '../codings/registry.ts';
import { mapLabels } from '../decode/decodeLabels.ts';
import { decodePng, type PngPixels } from '../decode/decodePng.ts';
import type { Naming } from '../layouts/core/layout.ts';
import { readingsOf } from '../layouts/registry.ts';
import type { SourceFile } from '../ports.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { NamedPair } from './pairing.ts';
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

/** The coding of a dataset's labels, from up to six of them spread over the dataset. */
export async function detectCoding(
  naming: Naming,
  pairs: readonly NamedPair[],
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<LabelCoding> {
  const candidates = readingsOf(naming).map((reading) => ({ ...reading, tables: codingEntry(reading.coding) }));
  const open = pairs.flatMap(({ labels, coding }) => (labels === null || coding !== null ? [] : [labels]));
  const samples = candidates.length === 1 ? [] : await decodeSome(open, 6, limits);
  const promised = candidates.find(({ tables }) =>
    samples.some(({ palette }) => palette !== null && tables.isPromisedBy?.(palette) === true),
  );
  if (promised !== undefined) return promised;
  const ranked = candidates.map((candidate) => ({
    candidate,
    unexplained: samples.reduce((total, png) => total + unexplained(png, candidate.tables), 0),
  }));
  // The first of those that leave the fewest pixels unexplained; every naming has a candidate, since layouts name it.
  return ranked.reduce((best, next) => (next.unexplained < best.unexplained - 1e-9 ? next : best)).candidate;
}
