// A photo the way its labels lie. Its file may ask to be turned; whether the labels were drawn on the turned picture, their size
// tells where it can, and the tag where it cannot.
import type { RgbImage, Size } from '../../domain/dataset.ts';
import type { ImportIssue } from '../../domain/importing.ts';
import { issueOf } from '../importing/importIssues.ts';
import type { StoredPhoto } from '../ports.ts';
import { hasSameShape } from './fitLabels.ts';
import { shownSize, turn } from './orientation.ts';

const hasSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** What only one of the two ways fits, exactly or else at another scale; null where sizes do not tell. */
function outcomeBySize(labels: Size, stored: Size, shown: Size): 'turned' | 'as-stored' | null {
  for (const fits of [hasSameSize, hasSameShape]) {
    const fitsShown = fits(labels, shown);
    if (fitsShown !== fits(labels, stored)) return fitsShown ? 'turned' : 'as-stored';
  }
  return null;
}

/** The photo, turned if it has to be; whatever was done about a tag is a finding. `labels` is null for an unlabelled photo. */
export function upright(path: string, photo: StoredPhoto, labels: Size | null, issues: ImportIssue[]): RgbImage {
  const { orientation = 1 } = photo;
  if (orientation === 1) return photo;
  const bySize = labels === null ? null : outcomeBySize(labels, photo, shownSize(photo, orientation));
  const outcome = bySize ?? 'turned';
  const done = outcome === 'turned' ? 'it is turned' : 'it stays as it is stored';
  const byTag = labels === null ? 'as the tag says' : 'as the tag says, for sizes do not tell';
  const reason = bySize === null ? byTag : 'for so it fits its labels';
  issues.push(
    issueOf('data.turned', path, `${path} asks to be turned (EXIF orientation ${orientation}): ${done}, ${reason}.`, {
      orientation,
      outcome,
      by: bySize === null ? 'tag' : 'size',
    }),
  );
  return outcome === 'turned' ? turn(photo, orientation) : photo;
}
