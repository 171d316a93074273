// SYNTHIA-RAND-CITYSCAPES (Ros et al. 2016): `RGB/` with `GT/LABELS/` (16 bits, the class in the red channel); DAFormer's script
// leaves `…_labelTrainIds.png` beside them.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'synthia',
  label: 'SYNTHIA',
  suggestedName: 'SYNTHIA',
  suggestedUse: 'source',
  lookedFor: 'SYNTHIA (RGB/ with GT/LABELS/)',
  signs: [/(^|\/)GT\/(LABELS|COLOR)\//i, /(^|\/)RAND_CITYSCAPES\//i],
  folders: { photos: ['rgb'], unused: ['depth', 'depth_debug'] },
  codings: ['synthia', 'train-ids'],
};
