// GTA5 (Richter et al. 2016): `images/00001.png` with `labels/00001.png`, told from plain folders by the palette of its labels.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'gta5',
  label: 'GTA5',
  suggestedName: 'GTA5',
  suggestedUse: 'source',
  lookedFor: 'GTA5 (images/ with labels/, palette PNGs of the same names)',
  signs: [],
  codings: ['gta5'],
};
