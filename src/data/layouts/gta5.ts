// GTA5 (Richter et al. 2016): images/ beside labels/, told from plain folders by what the labels hold.
import { imagesBesideLabels } from './core/imagesBesideLabels.ts';
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'gta5',
  label: 'GTA5',
  suggestedName: 'GTA5',
  suggestedUse: 'source',
  readings: [{ naming: imagesBesideLabels, coding: 'gta5', preference: 1 }],
};
