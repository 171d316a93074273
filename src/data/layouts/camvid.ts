// CamVid (Brostow et al. 2009), as SegNet's repository and as the dataset's own page arrange it.
import { isClutter, stemOf } from '../importing/paths.ts';
import { imagesBesideLabels } from './core/imagesBesideLabels.ts';
import type { Layout, Naming } from './core/layout.ts';
import { foldersOf, isPicture, partOf } from './core/paths.ts';

const ANNOTATION_FOLDER = /^(train|val|test)(annot|_annot|_labels?)$/i;

/** SegNet's `train/` beside `trainannot/`, colour masks in `train_labels/`, or `name_L.png` masks anywhere. */
const naming: Naming = {
  specificity: 'folders',
  lookedFor: 'CamVid (train/ with trainannot/ or train_labels/, or photos with …_L.png masks)',
  hasTestLabels: true,
  /** Any folder of photos looks like its images: it needs a mask folder, or more masks by suffix than lie in label folders. */
  matches(paths) {
    const useful = paths.filter((path) => !isClutter(path));
    if (imagesBesideLabels.matches(useful)) {
      const suffixed = useful.filter((path) => /_L\.png$/i.test(path)).length;
      const inFolders = useful.filter((path) => imagesBesideLabels.classify(path)?.role === 'labels').length;
      return suffixed > 0 && suffixed >= inFolders;
    }
    const roles = useful.map((path) => naming.classify(path)?.role);
    return roles.includes('labels') && roles.includes('image');
  },
  classify(path) {
    if (!isPicture(path)) return null;
    const folders = foldersOf(path);
    const stem = stemOf(path);
    const annotation = folders.findLastIndex((folder) => ANNOTATION_FOLDER.test(folder));
    const suffixed = /_L$/i.test(stem);
    if (annotation >= 0 || suffixed) {
      const part = ANNOTATION_FOLDER.exec(folders[annotation] ?? '')?.[1]?.toLowerCase();
      const name = suffixed ? stem.slice(0, -2) : stem;
      return {
        role: 'labels',
        scope: '',
        key: name.toLowerCase(),
        name,
        part: part ?? partOf(folders),
        rank: 0,
        coding: null,
      };
    }
    return {
      role: 'image',
      scope: '',
      key: stem.toLowerCase(),
      name: stem,
      part: partOf(folders),
      rank: 0,
      coding: null,
    };
  },
};

export const layout: Layout = {
  id: 'camvid',
  label: 'CamVid',
  suggestedName: 'CamVid',
  suggestedUse: 'target',
  readings: [
    { naming, coding: 'camvid-11', preference: 0 },
    { naming, coding: 'camvid-32-colours', preference: 1 },
    { naming, coding: 'train-ids', preference: 2 },
    { naming: imagesBesideLabels, coding: 'camvid-32-colours', preference: 3 },
  ],
};
