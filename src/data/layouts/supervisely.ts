// Supervisely's export: `img/` with `masks_machine/` (class numbers in the project's own order) and `masks_human/` (to look at).
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'supervisely',
  label: 'Supervisely',
  suggestedName: 'My images',
  suggestedUse: null,
  lookedFor: 'Supervisely (img/ with masks_machine/)',
  signs: [/(^|\/)(masks_machine|masks_human)\//i],
  folders: { photos: ['img'], labels: ['masks_machine'], unused: ['masks_human', 'ann', 'masks_instances'] },
  codings: [],
};
