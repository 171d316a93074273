// What single words in folder and file names say, whatever the dataset: which hold photos, which labels, which neither.
import { partNamed } from '../../layouts/core/paths.ts';

const PHOTO_WORDS = words(
  'image images img imgs photo photos picture pictures rgb frames jpegimages leftimg8bit 이미지 사진 영상 원본',
);
const LABEL_WORDS = words(
  `label labels labelled labeled mask masks annotation annotations annot annots ann anno gt groundtruth seg segs segmentation
   segmentations semantic semantics semseg segmentationclass gtfine gtcoarse labelmap labelmaps 라벨 레이블 마스크 정답`,
);
const UNUSED_WORDS = words('instance instances panoptic depth disparity');
/** Under a label folder these tell renderings of the same labels apart; they are no sequences. */
const RENDERING_WORDS = words(
  `id ids trainid trainids labelid labelids index indices indexed color colors colour colours colormap colormaps rgb vis viz
   visual preview sem grey gray raw png dir human machine`,
);
const COLOUR_WORDS = words('color colors colour colours colormap colormaps rgb vis viz visual preview human');
/** Say nothing about a folder's place: kinds of archives, file formats. */
const EMPTY_WORDS = words('trainvaltest trainval trainextra full dir png jpg');

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

export type FolderMeaning = 'photos' | 'labels' | 'unused' | null;

export interface FolderWord {
  readonly meaning: FolderMeaning;
  /** `train`, `val`, `test`, `train_extra` if the name says so. */
  readonly part: string | undefined;
  /** What is left of the name, lower case: a drive, a city, a number; empty if nothing is. */
  readonly rest: string;
  /** Whether words were taken away: such a name is a container's, and need not agree on both sides. */
  readonly isContainer: boolean;
  readonly isColour: boolean;
  /** Whether every word tells renderings of labels apart. */
  readonly isRendering: boolean;
}

const JOINED = /^(train|val|test)(annot|annotations?|labels?|masks?|images?)$/;
const tokensOf = (name: string): readonly string[] =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(JOINED, '$1_$2')
    .split(/[\s_\-.+]+/)
    .filter((token) => token !== '');
const isWord = (token: string): boolean => LABEL_WORDS.has(token) || UNUSED_WORDS.has(token) || PHOTO_WORDS.has(token);
/** Of a name in which nothing is a word, its capitals part them: CARLA's `CameraSeg`. */
const tokensIn = (name: string): readonly string[] => {
  const tokens = tokensOf(name);
  return tokens.some(isWord) ? tokens : tokensOf(name.replaceAll(/([a-z])([A-Z])/g, '$1_$2'));
};

/** What a folder's name says by its words. */
export function readFolder(name: string): FolderWord {
  const whole = partNamed(name);
  if (whole !== undefined) {
    return { meaning: null, part: whole, rest: '', isContainer: false, isColour: false, isRendering: false };
  }
  const tokens = tokensIn(name);
  const has = (set: ReadonlySet<string>): boolean => tokens.some((token) => set.has(token));
  const meaning = has(LABEL_WORDS) ? 'labels' : has(UNUSED_WORDS) ? 'unused' : has(PHOTO_WORDS) ? 'photos' : null;
  const parts = tokens.map(partNamed).filter((part) => part !== undefined);
  const part = parts.length === 1 ? parts[0] : undefined;
  const isTelling = (token: string): boolean =>
    !LABEL_WORDS.has(token) &&
    !PHOTO_WORDS.has(token) &&
    !EMPTY_WORDS.has(token) &&
    (part === undefined || partNamed(token) === undefined);
  const rest = tokens.filter(isTelling).join('_');
  return {
    meaning,
    part,
    rest,
    isContainer: meaning !== null,
    isColour: has(COLOUR_WORDS),
    isRendering: tokens.every((token) => RENDERING_WORDS.has(token) || LABEL_WORDS.has(token)),
  };
}

const LABEL_ENDING =
  /[_-](labels?|masks?|gt|seg|segm|segmentation|semantic|annot|annotations?|lab|L|P|train_?ids?|ids?)$/i;
const COLOUR_ENDING = /[_-](colou?rs?|rgb|vis|colou?r_?masks?)$/i;
const PHOTO_ENDING = /[_-](image|img|photo|rgb)$/i;
/** A picture's extension within a stem: `street0.jpg.png`. */
const SECOND_EXTENSION = /\.(png|jpe?g|jfif|webp|bmp)$/i;

export interface LabelEnding {
  readonly bare: string;
  readonly isColour: boolean;
}

/** A label's stem without what common tools append, or null if nothing of it is there. */
export function readLabelEnding(stem: string): LabelEnding | null {
  for (const [ending, isColour] of [
    [LABEL_ENDING, false],
    [COLOUR_ENDING, true],
    [SECOND_EXTENSION, false],
  ] as const) {
    const bare = stem.replace(ending, '');
    if (bare !== stem && bare !== '') return { bare, isColour };
  }
  return null;
}

/** A photo's stem without what common tools append. */
export const barePhotoStem = (stem: string): string =>
  stem.replace(SECOND_EXTENSION, '').replace(PHOTO_ENDING, '') || stem;

/** How names are compared: composed (macOS writes accents apart) and in small letters. */
export const comparable = (name: string): string => name.normalize('NFC').toLowerCase();
