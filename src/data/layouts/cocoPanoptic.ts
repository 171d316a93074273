// COCO panoptic (Kirillov et al. 2019): `train2017/000000000009.jpg` with `annotations/panoptic_train2017/000000000009.png`, whose
// pixels number segments, and `annotations/panoptic_train2017.json`, which names them.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'coco-panoptic',
  label: 'COCO panoptic',
  suggestedName: 'COCO',
  suggestedUse: null,
  lookedFor: 'COCO panoptic (train2017/ with panoptic_train2017/ and panoptic_train2017.json)',
  signs: [/(^|\/)panoptic_(train|val)\d{4}\//i],
  codings: [],
};
