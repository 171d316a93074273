// A folder images/ beside a folder labels/: GTA5, plain train ids, and whatever else people keep that way.
import { isClutter, stemOf } from '../../importing/paths.ts';
import type { Naming } from './layout.ts';
import { foldersOf, isPicture, partNamed, partOf } from './paths.ts';

const IMAGE_FOLDER = /^(images?|imgs?|rgb|photos?)$/i;
const LABEL_FOLDER = /^(labels?|masks?|annotations?|annots?|gt|segmentations?)$/i;

/** `images/` beside `labels/`: GTA5, plain train ids, and whatever else people keep that way; splits inside or outside. */
export const imagesBesideLabels: Naming = {
  specificity: 'generic',
  lookedFor: 'GTA5 or plain (a folder images/ beside a folder labels/ with PNG files of the same names)',
  hasTestLabels: true,
  matches: (paths) => paths.some((path) => !isClutter(path) && imagesBesideLabels.classify(path)?.role === 'image'),
  classify(path) {
    if (!isPicture(path)) return null;
    const parts = foldersOf(path);
    const at = parts.findLastIndex((part) => IMAGE_FOLDER.test(part) || LABEL_FOLDER.test(part));
    const folder = parts[at];
    if (folder === undefined) return null;
    const isImage = IMAGE_FOLDER.test(folder);
    const notPart = (part: string): boolean => partNamed(part) === undefined;
    const stem = stemOf(path);
    const plainStem = isImage ? stem : stem.replace(/_(labels?|masks?|gt|label(train)?ids)$/i, '');
    const inside = [...parts.slice(at + 1).filter(notPart), plainStem].join('/');
    return {
      role: isImage ? 'image' : 'labels',
      scope: parts.slice(0, at).filter(notPart).join('/').toLowerCase(),
      key: inside.toLowerCase(),
      name: inside,
      part: partOf(parts),
      rank: 0,
      coding: null,
    };
  },
};
