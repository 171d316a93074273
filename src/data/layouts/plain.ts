// Pictures of one's own: images/ beside labels/, with train ids or in Cityscapes' colours.
import { imagesBesideLabels } from './core/imagesBesideLabels.ts';
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'plain',
  label: 'images + labels',
  suggestedName: 'My images',
  suggestedUse: null,
  readings: [
    { naming: imagesBesideLabels, coding: 'train-ids', preference: 0 },
    { naming: imagesBesideLabels, coding: 'cityscapes-colours', preference: 2 },
  ],
};
