// What extensions and folder names of a path say, in any layout.
import { ownEntry } from '../../../domain/ownEntry.ts';

/** Pictures that a host may be able to decode, and pictures that none can: the latter are reported, not skipped. */
const PHOTO_EXTENSIONS = new Set(['png', 'jpg', 'jpeg', 'jfif', 'jpe', 'pjpeg', 'webp', 'bmp', 'avif']);
const OTHER_PICTURES = new Set(['tif', 'tiff', 'gif', 'heic', 'heif', 'jp2', 'ppm', 'pgm', 'exr', 'svg', 'psd']);
export const isPhotoExtension = (extension: string): boolean => PHOTO_EXTENSIONS.has(extension);
export const isPictureExtension = (extension: string): boolean =>
  PHOTO_EXTENSIONS.has(extension) || OTHER_PICTURES.has(extension);

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
/** COCO's carry the year: `val2017`. */
export const partNamed = (folder: string): string | undefined =>
  ownEntry(PARTS, folder.toLowerCase().replace(/(?<=[a-z])\d{4}$/, ''));
