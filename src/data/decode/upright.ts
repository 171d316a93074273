// A photo the way its labels lie. Its file may ask to be turned; whether the labels were drawn on the turned picture, their size
// tells where it can, and the tag where it cannot.
import type { Size } from '../../domain/dataset.ts';
import type { ImportIssue } from '../../domain/importing.ts';
import { issueOf } from '../importing/importIssues.ts';
import type { RgbImage, StoredPhoto } from '../ports.ts';
import { hasSameShape } from './fitLabels.ts';
import { exchangesSides, shownSize, turn } from './orientation.ts';

/** The photo, turned if it has to be; whatever was done about a tag is a finding. `labels` is null for an unlabelled photo. */
export function upright(path: string, photo: StoredPhoto, labels: Size | null, issues: ImportIssue[]): RgbImage {
  const { orientation = 1 } = photo;
  if (orientation === 1) return photo;
  const shown = shownSize(photo, orientation);
  const fitsStored = labels !== null && hasSameShape(labels, photo);
  const fitsShown = labels === null || hasSameShape(labels, shown);
  const isTurned = fitsShown || !fitsStored;
  const isBySize = labels !== null && exchangesSides(orientation) && fitsShown !== fitsStored;
  const done = isTurned ? 'it is turned' : 'it stays as it is stored';
  const why = isBySize ? 'the labels have that shape' : 'both would fit the labels, and the tag decides';
  const reason = labels === null ? 'as the tag says' : why;
  issues.push(
    issueOf('data.turned', path, `${path} asks to be turned (EXIF orientation ${orientation}): ${done}, ${reason}.`, {
      orientation,
      outcome: isTurned ? 'turned' : 'as-stored',
      by: isBySize ? 'size' : 'tag',
    }),
  );
  return isTurned ? turn(photo, orientation) : photo;
}
