// Cityscapes (Cordts et al. 2016): `leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png` with
// `gtFine/..._gtFine_labelIds.png`; the names are those of its scripts, which write `_labelTrainIds` beside them.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'cityscapes',
  label: 'Cityscapes',
  suggestedName: 'Cityscapes',
  suggestedUse: 'target',
  lookedFor: 'Cityscapes (…_leftImg8bit.png with …_gtFine_labelIds.png or …_gtFine_labelTrainIds.png)',
  signs: [/_leftImg8bit\.[a-z]+$/i, /_gt(Fine|Coarse)_(label(Train)?Ids|color|instanceIds|polygons)\.[a-z]+$/],
  photos: [{ ends: /_leftImg8bit$/i }],
  labels: [
    { ends: /_gtFine_labelTrainIds$/i, coding: 'train-ids', rank: 0 },
    // IDD writes `labelids`, all in small letters, and means other ids: such a name promises nothing here.
    { ends: /_gtFine_(labelIds|LABELIDS)$|_GTFINE_LABELIDS$/, coding: 'cityscapes-ids', rank: 1 },
    { ends: /_gtCoarse_labelTrainIds$/i, coding: 'train-ids', rank: 10 },
    { ends: /_gtCoarse_labelIds$|_GTCOARSE_LABELIDS$/, coding: 'cityscapes-ids', rank: 11 },
    { ends: /_gtFine_color$/i, coding: 'cityscapes-colours', rank: 6 },
    { ends: /_gtCoarse_color$/i, coding: 'cityscapes-colours', rank: 16 },
    // Drawn where there are no label pictures.
    { ends: /_gtFine_polygons$/i, coding: 'cityscapes-ids', rank: 18, extension: 'json' },
    { ends: /_gtCoarse_polygons$/i, coding: 'cityscapes-ids', rank: 19, extension: 'json' },
    // Converters of other datasets write the same ending without `gtFine`.
    { ends: /_labelTrainIds$/i, coding: 'train-ids', rank: 0 },
  ],
  unused: [{ ends: /_(gt(Fine|Coarse)_)?instance(Train)?Ids$/i, why: 'instances' }],
  folders: { photos: ['leftimg8bit'], labels: ['gtfine', 'gtcoarse'], unused: ['rightimg8bit', 'disparity', 'camera'] },
  codings: ['cityscapes-ids', 'train-ids', 'cityscapes-colours'],
  hasDummyTestLabels: true,
};
