// The pictures that can be pulled of a run: every module in the folder above that exports `picture`.
import { registryOf } from '../../../domain/registry.ts';
import type { Picture } from './definePicture.ts';

const modules = import.meta.glob<Picture>(['../*.ts', '!../*.test.ts'], { eager: true, import: 'picture' });
const pictures = registryOf('picture', Object.values(modules), ({ kind }) => kind.name);

export const PICTURES = pictures.list;
/** Throws `config.invalid` for a name that is not listed. */
export const pictureEntry = pictures.entry;
