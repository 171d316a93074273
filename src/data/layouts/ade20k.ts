// ADE20K, the scene parsing benchmark (Zhou et al. 2017): `images/training/ADE_train_00000001.jpg` with `annotations/training/`.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'ade20k',
  label: 'ADE20K',
  suggestedName: 'ADE20K',
  suggestedUse: null,
  lookedFor: 'ADE20K (images/training/ with annotations/training/)',
  signs: [/(^|\/)ADE_(train|val|test)_\d+\.[a-z]+$/i, /(^|\/)annotations\/(training|validation)\//i],
  folders: { unused: ['annotations_instance'] },
  codings: ['ade20k'],
};
