// A few labelled photos of a drop, made small, with the classes that each coding in question reads from their labels: what a person
// looks at to say which it is.
import type { Size } from '../../domain/dataset.ts';
import type { LabelPreview } from '../../domain/importing.ts';
import type { Coding } from '../codings/core/coding.ts';
import { decodePair } from '../decode/decodePair.ts';
import { resizeImage, resizeLabels } from '../decode/resample.ts';
import { spreadIndices } from '../feed/batcher.ts';
import type { PhotoDecoder } from '../ports.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { Pair } from './plan.ts';

const PREVIEWS = 3;
/** Wide enough to tell a road from a pavement, small enough for six of them beside each other. */
const LONG_SIDE_PX = 320;

/** Up to three previews, spread over the drop; pairs that cannot be read are passed over. */
export async function previewLabels(
  pairs: readonly Pair[],
  codings: readonly Coding[],
  decoder: PhotoDecoder,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<readonly LabelPreview[]> {
  const labelled = pairs.filter(({ labels }) => labels !== null);
  const previews: LabelPreview[] = [];
  for (const index of spreadIndices(labelled.length, Math.min(labelled.length, PREVIEWS))) {
    const pair = labelled[index];
    const preview = pair === undefined ? null : await previewOf(pair, codings, decoder, limits);
    if (preview !== null) previews.push(preview);
  }
  return previews;
}

async function previewOf(
  pair: Pair,
  codings: readonly Coding[],
  decoder: PhotoDecoder,
  limits: ImportLimits,
): Promise<LabelPreview | null> {
  let photo: (Size & { readonly data: Uint8Array }) | null = null;
  const labels: Record<string, Uint8Array> = {};
  for (const coding of codings) {
    const decoded = await decodePair({ ...pair, coding }, decoder, limits);
    if (decoded.image === null || decoded.labels === null) continue;
    const size = smallSize(decoded.image);
    photo ??= resizeImage(decoded.image, size);
    labels[coding.id] = resizeLabels(decoded.labels, decoded.image, size);
  }
  if (photo === null) return null;
  return { name: pair.name, width: photo.width, height: photo.height, photo: photo.data, labels };
}

function smallSize({ width, height }: Size): Size {
  const scale = Math.min(1, LONG_SIDE_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
