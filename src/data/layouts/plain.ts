// Pictures of one's own: a folder of photos beside a folder of labels, whatever they are called.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'plain',
  label: 'images + labels',
  suggestedName: 'My images',
  suggestedUse: null,
  lookedFor: 'plain (a folder images/ beside a folder labels/ with PNG files of the same names)',
  signs: [],
  codings: [],
};
