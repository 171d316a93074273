// One pair to pixels and train ids of equal size, with everything that is odd about it as findings. Never throws for
// a bad pair: inspection and import say the same about the same file because both ask here.
import type { RgbImage } from '../../domain/dataset.ts';
import type { ImportIssue } from '../../domain/importing.ts';
import { issueFromError, issueOf } from '../importing/importIssues.ts';
import type { ImportLimits } from '../importing/limits.ts';
import { extensionOf } from '../importing/paths.ts';
import type { Pair } from '../importing/plan.ts';
import { readWhole } from '../importing/readWhole.ts';
import type { PhotoDecoder, StoredPhoto } from '../ports.ts';
import { type DecodedLabels, decodeLabels } from './decodeLabels.ts';
import { fitLabels } from './fitLabels.ts';
import { decodeAnnotation } from './polygons.ts';
import { upright } from './upright.ts';

export interface DecodedPair {
  /** Null if the pair cannot be used; then `issues` says why. */
  readonly image: RgbImage | null;
  /** Train ids of the image's size, or null for an unlabelled image. */
  readonly labels: Uint8Array | null;
  /** The same at the size that their file has. */
  readonly truth: DecodedLabels | null;
  readonly issues: readonly ImportIssue[];
  /** Time from reading the first byte to the last finding. */
  readonly decodeMs: number;
}

/** Whether every pixel has the colour of the first: a blank frame, as some GTA5 images are. */
export function isFlat({ data }: RgbImage): boolean {
  for (let i = 3; i < data.length; i += 3) {
    if (data[i] !== data[0] || data[i + 1] !== data[1] || data[i + 2] !== data[2]) return false;
  }
  return true;
}

interface Contents {
  readonly image: RgbImage | null;
  readonly labels: Uint8Array | null;
  readonly truth: DecodedLabels | null;
}
const nothing: Contents = { image: null, labels: null, truth: null };

async function decodeContents(
  pair: Pair,
  decoder: PhotoDecoder,
  limits: ImportLimits,
  issues: ImportIssue[],
): Promise<Contents> {
  let photo: StoredPhoto;
  try {
    photo = await decoder.decode(pair.image);
  } catch (error) {
    issues.push(issueFromError(pair.image.path, error));
    return nothing;
  }
  if (isFlat(photo)) {
    const { path } = pair.image;
    issues.push(
      issueOf('data.unreadable-file', path, `${path} shows one flat colour and is left out.`, { reason: 'flat' }),
    );
    return nothing;
  }
  if (pair.labels === null) {
    return { ...nothing, image: upright(pair.image.path, photo, null, issues) };
  }
  const { path } = pair.labels;
  try {
    const bytes = await readWhole(pair.labels, limits);
    const { values } = pair.coding;
    const isAnnotation = extensionOf(path) === 'json' && values !== null;
    const decoded = isAnnotation
      ? decodeAnnotation(bytes, path, values, limits)
      : decodeLabels(bytes, path, pair.coding, limits);
    const image = upright(pair.image.path, photo, decoded, issues);
    const labels = fitLabels(path, image, decoded, issues);
    return labels === null ? nothing : { image, labels, truth: decoded };
  } catch (error) {
    issues.push(issueFromError(path, error));
    return nothing;
  }
}

/** Reads and decodes one pair. Rejects only for what is no file's fault (StudioErrors outside `data.*`). */
export async function decodePair(pair: Pair, decoder: PhotoDecoder, limits: ImportLimits): Promise<DecodedPair> {
  const startMs = performance.now();
  const issues: ImportIssue[] = [];
  const contents = await decodeContents(pair, decoder, limits, issues);
  return { ...contents, issues, decodeMs: performance.now() - startMs };
}
