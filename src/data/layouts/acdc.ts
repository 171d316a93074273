// ACDC (Sakaridis et al. 2021) and Dark Zurich (2019): `rgb_anon/<weather>/<split>/<drive>/…_rgb_anon.png` with `gt/…`.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'acdc',
  label: 'ACDC, Dark Zurich',
  suggestedName: 'ACDC',
  suggestedUse: 'target',
  lookedFor: 'ACDC or Dark Zurich (…_rgb_anon.png with …_gt_labelTrainIds.png)',
  signs: [/_rgb_anon\.[a-z]+$/i, /_gt_(label(Train)?Ids|labelColor|inv(Ids|Gray))\.[a-z]+$/i],
  photos: [{ ends: /_rgb_anon$/i }],
  labels: [
    { ends: /_gt_labelTrainIds$/i, coding: 'train-ids', rank: 0 },
    { ends: /_gt_labelIds$/i, coding: 'cityscapes-ids', rank: 1 },
    { ends: /_gt_labelColor$/i, coding: 'cityscapes-colours', rank: 6 },
  ],
  unused: [
    { ends: /_gt_inv(Ids|Gray)$/i, why: 'other-modality' },
    { ends: /_rgb_ref_anon$/i, why: 'other-modality' },
  ],
  folders: { photos: ['rgb_anon'] },
  codings: ['train-ids', 'cityscapes-ids', 'cityscapes-colours'],
};
