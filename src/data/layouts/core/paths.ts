// What extensions and folder names of a path say, in any layout.
import { extensionOf, partsOf } from '../../importing/paths.ts';

/** Pictures that a host may be able to decode, and pictures that none can: the latter are reported, not skipped. */
const PHOTO_EXTENSIONS = new Set(['png', 'jpg', 'jpeg', 'webp', 'bmp', 'avif']);
const OTHER_PICTURES = new Set(['tif', 'tiff', 'gif', 'heic', 'heif', 'jp2', 'ppm', 'pgm', 'exr', 'svg', 'psd']);
export const isPhotoExtension = (extension: string): boolean => PHOTO_EXTENSIONS.has(extension);
export const isPicture = (path: string): boolean => {
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
export const partNamed = (folder: string): string | undefined => PARTS[folder.toLowerCase()];
export const partOf = (folders: readonly string[]): string =>
  folders.map(partNamed).find((part) => part !== undefined) ?? '';
export const foldersOf = (path: string): readonly string[] => partsOf(path).slice(0, -1);
