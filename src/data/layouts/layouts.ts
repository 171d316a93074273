// Which file plays which part, told from paths alone, for each folder layout that the importer knows.
// Whether one-channel labels hold train ids or GTA5 ids is not a matter of names: `labelCoding.ts` looks inside.
import type { Split } from '../../domain/dataset.ts';
import type { LabelMappingId } from '../codings/labelMappings.ts';
import { baseName, extensionOf, isClutter, partsOf, stemOf } from '../importing/paths.ts';

/** Layouts by their names: GTA5 and plain folders look alike from outside. */
export type NamingId = 'cityscapes' | 'camvid' | 'folders';

/** What a path says about its file. */
export interface FileRole {
  readonly role: 'image' | 'labels';
  /** Folder that the file belongs to; files of one scope and key belong together. */
  readonly scope: string;
  /** Lower-case name that an image shares with its labels. */
  readonly key: string;
  /** As it should be shown. */
  readonly name: string;
  /** The part of the dataset it lies in: `train`, `val`, `test`, `train_extra`, or empty where none is named. */
  readonly part: string;
  /** Of several label files for one image, the lowest is taken. */
  readonly rank: number;
  /** Coding that the name promises; null: look inside. */
  readonly mapping: LabelMappingId | null;
}

export interface Naming {
  readonly id: NamingId;
  classify(path: string): FileRole | null;
  /** What a drop must contain to be taken for this layout, for the message when nothing fits. */
  readonly lookedFor: string;
}

/** Pictures that a host may be able to decode, and pictures that none can: the latter are reported, not skipped. */
const PHOTO_EXTENSIONS = new Set(['png', 'jpg', 'jpeg', 'webp', 'bmp', 'avif']);
const OTHER_PICTURES = new Set(['tif', 'tiff', 'gif', 'heic', 'heif', 'jp2', 'ppm', 'pgm', 'exr', 'svg', 'psd']);
export const isPhotoExtension = (extension: string): boolean => PHOTO_EXTENSIONS.has(extension);
const isPicture = (path: string): boolean => {
  const extension = extensionOf(path);
  return PHOTO_EXTENSIONS.has(extension) || OTHER_PICTURES.has(extension);
};

const PARTS: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  train_extra: 'train_extra',
  val: 'val',
  valid: 'val',
  validation: 'val',
  test: 'test',
  testing: 'test',
};
const partNamed = (folder: string): string | undefined => PARTS[folder.toLowerCase()];
const partOf = (folders: readonly string[]): string => folders.map(partNamed).find((part) => part !== undefined) ?? '';
const foldersOf = (path: string): readonly string[] => partsOf(path).slice(0, -1);

/** `leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png` and `gtFine/..._gtFine_labelIds.png`. */
const cityscapes: Naming = {
  id: 'cityscapes',
  lookedFor: 'Cityscapes (…_leftImg8bit.png with …_gtFine_labelIds.png or …_gtFine_labelTrainIds.png)',
  classify(path) {
    const name = baseName(path);
    const common = { scope: '', part: partOf(foldersOf(path)) };
    const image = /^(.+)_leftImg8bit\.[a-z]+$/i.exec(name);
    if (image?.[1] !== undefined && isPicture(path)) {
      return { ...common, role: 'image', key: image[1].toLowerCase(), name: image[1], rank: 0, mapping: null };
    }
    const labels = /^(.+)_gt(Fine|Coarse)_label(Train)?Ids\.[a-z]+$/i.exec(name);
    if (labels?.[1] === undefined) return null;
    const coarse = labels[2]?.toLowerCase() === 'coarse';
    const trainIds = labels[3] !== undefined;
    return {
      ...common,
      role: 'labels',
      key: labels[1].toLowerCase(),
      name: labels[1],
      rank: (coarse ? 2 : 0) + (trainIds ? 0 : 1),
      mapping: trainIds ? 'train-ids' : 'cityscapes-ids',
    };
  },
};

const ANNOTATION_FOLDER = /^(train|val|test)(annot|_annot|_labels?)$/i;

/** SegNet's `train/` beside `trainannot/`, colour masks in `train_labels/`, or `name_L.png` masks anywhere. */
const camvid: Naming = {
  id: 'camvid',
  lookedFor: 'CamVid (train/ with trainannot/ or train_labels/, or photos with …_L.png masks)',
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
        mapping: null,
      };
    }
    return {
      role: 'image',
      scope: '',
      key: stem.toLowerCase(),
      name: stem,
      part: partOf(folders),
      rank: 0,
      mapping: null,
    };
  },
};

const IMAGE_FOLDER = /^(images?|imgs?|rgb|photos?)$/i;
const LABEL_FOLDER = /^(labels?|masks?|annotations?|annots?|gt|segmentations?)$/i;

/** `images/` beside `labels/`: GTA5, plain train ids, and whatever else people keep that way; splits inside or outside. */
const folders: Naming = {
  id: 'folders',
  lookedFor: 'GTA5 or plain (a folder images/ beside a folder labels/ with PNG files of the same names)',
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
      mapping: null,
    };
  },
};

export const NAMINGS: readonly Naming[] = [cityscapes, camvid, folders];

/**
 * The naming that the paths follow, or null. Cityscapes names are unmistakable; CamVid needs a mask folder or mask
 * suffixes, since any folder of photos looks like its images; images/ beside labels/ is what remains.
 */
export function recogniseNaming(paths: readonly string[]): Naming | null {
  const useful = paths.filter((path) => !isClutter(path));
  if (useful.some((path) => cityscapes.classify(path)?.role === 'image')) return cityscapes;
  if (useful.some((path) => folders.classify(path)?.role === 'image')) {
    const masks = useful.filter((path) => /_L\.png$/i.test(path)).length;
    const inFolders = useful.filter((path) => folders.classify(path)?.role === 'labels').length;
    return masks > 0 && masks >= inFolders ? camvid : folders;
  }
  const roles = useful.map((path) => camvid.classify(path)?.role);
  return roles.includes('labels') && roles.includes('image') ? camvid : null;
}

/** Where the files of a part go. Test labels are withheld or kept for the end, so that part has no split of its own. */
export function splitOfPart(part: string): Split {
  return part === 'val' ? 'val' : 'train';
}
