// LoveDA (Wang et al. 2021): `Train/Urban/images_png/` with `Train/Urban/masks_png/`, land cover from the air in seven classes.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'loveda',
  label: 'LoveDA',
  suggestedName: 'LoveDA',
  suggestedUse: null,
  lookedFor: 'LoveDA (images_png/ with masks_png/)',
  signs: [/(^|\/)(Rural|Urban)\/(images_png|masks_png)\//i],
  folders: { photos: ['images_png'], labels: ['masks_png'] },
  codings: ['loveda'],
};
