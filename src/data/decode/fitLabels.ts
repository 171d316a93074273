// Labels beside their photo: of its size, or brought to it; what is odd about them as findings.
import type { RgbImage, Size } from '../../domain/dataset.ts';
import type { ImportIssue } from '../../domain/importing.ts';
import { issueOf } from '../importing/importIssues.ts';
import type { DecodedLabels } from './decodeLabels.ts';
import { resizeLabels } from './resample.ts';

/** Image and label sizes whose side ratios differ by no more than this show the same picture at two scales. */
const ASPECT_TOLERANCE = 0.02;

/** Whether two sizes can be of one picture at two scales. */
export function hasSameShape(a: Size, b: Size): boolean {
  return Math.abs((a.width * b.height) / (a.height * b.width) - 1) <= ASPECT_TOLERANCE;
}

function unknownIssue(path: string, { unknown, width, height }: DecodedLabels): ImportIssue {
  const ranked = [...unknown].sort(([, a], [, b]) => b - a);
  const pixels = ranked.reduce((sum, [, count]) => sum + count, 0);
  const values = ranked.slice(0, 8).map(([value, count]) => `${value} (${count})`);
  const more = ranked.length > 8 ? ` and ${ranked.length - 8} more` : '';
  return issueOf(
    'data.unknown-labels',
    path,
    `${path}: ${pixels} of ${width * height} pixels have values without a class and are ignored: ${values.join(', ')}${more}.`,
    { pixels, total: width * height, values: values.join(', ') },
  );
}

/** Labels at the image's size, or null where the two cannot show the same picture. */
export function fitLabels(
  path: string,
  image: RgbImage,
  decoded: DecodedLabels,
  issues: ImportIssue[],
): Uint8Array | null {
  const { width, height, labels } = decoded;
  const findings = decoded.unknown.size === 0 ? [] : [unknownIssue(path, decoded)];
  if (width === image.width && height === image.height) {
    for (const finding of findings) issues.push(finding);
    return labels;
  }
  const fits = hasSameShape(decoded, image);
  const sizes = `labels are ${width} x ${height}, the photo is ${image.width} x ${image.height}`;
  const outcome = fits ? 'the labels are resized (nearest).' : 'the pair is left out.';
  issues.push(
    issueOf('data.size-mismatch', path, `${path}: ${sizes}; ${outcome}`, {
      labelWidth: width,
      labelHeight: height,
      imageWidth: image.width,
      imageHeight: image.height,
      outcome: fits ? 'resized' : 'rejected',
    }),
  );
  if (!fits) return null;
  for (const finding of findings) issues.push(finding);
  return resizeLabels(labels, decoded, image);
}
