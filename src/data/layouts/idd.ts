// IDD (Varma et al. 2019): Cityscapes' folder and photo names with label ids of its own, a drive a folder, and frame names that
// repeat from drive to drive. Its tools write level-3 ids and Cityscapes' train ids (csTrainIds) beside the polygons.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'idd',
  label: 'IDD',
  suggestedName: 'IDD',
  suggestedUse: 'target',
  lookedFor:
    'IDD (…_leftImg8bit.png or .jpg with …_gtFine_labelids.png, …_labellevel3Ids.png or …_labelcsTrainIds.png)',
  refines: 'cityscapes',
  signs: [/_gtFine_(labelids|labellevel\dIds|labelcsTrainIds)\.[a-z]+$/, /(^|\/)idd(20k|_segmentation)/i],
  photos: [{ ends: /_leftImg8bit$/i }, { ends: /_image$/i }],
  labels: [
    { ends: /_gtFine_labelcsTrainIds$/i, coding: 'train-ids', rank: 0 },
    { ends: /_gtFine_labelids$/, coding: 'idd-ids', rank: 2 },
    { ends: /_gtFine_labellevel3Ids$/i, coding: 'idd-level3', rank: 3 },
    { ends: /_label$/i, coding: null, rank: 4 },
  ],
  unused: [
    { ends: /_gtFine_labellevel[124]Ids$/i, why: 'another-label-file' },
    { ends: /_gtFine_(instance(level3)?ids|instancelevel3Ids)$/i, why: 'instances' },
  ],
  codings: ['idd-ids', 'idd-level3', 'train-ids'],
};
