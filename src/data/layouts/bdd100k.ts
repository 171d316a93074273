// BDD100K (Yu et al. 2020): `images/10k/train/….jpg` with `labels/sem_seg/masks/train/….png`, or, as first released,
// `seg/images/train/….jpg` with `seg/labels/train/…_train_id.png`. Both hold train ids.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'bdd100k',
  label: 'BDD100K',
  suggestedName: 'BDD100K',
  suggestedUse: 'target',
  lookedFor: 'BDD100K (images/10k/ with labels/sem_seg/masks/, or seg/images/ with seg/labels/…_train_id.png)',
  signs: [
    /(^|\/)images\/10k\//i,
    /(^|\/)labels\/sem_seg\/masks\//i,
    /_train_(id|color)\.[a-z]+$/i,
    /(^|\/)seg\/(images|labels)\//i,
  ],
  labels: [
    { ends: /_train_id$/i, coding: 'train-ids', rank: 0 },
    { ends: /_train_color$/i, coding: 'cityscapes-colours', rank: 6 },
  ],
  folders: { unused: ['100k', 'bitmasks', 'drivable', 'lane', 'pan_seg', 'ins_seg', 'box_track_20', 'seg_track_20'] },
  codings: ['train-ids', 'cityscapes-colours'],
};
