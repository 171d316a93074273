// GTA5 (Richter et al. 2016): Cityscapes' label ids in files with Cityscapes' palette.
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import { cityscapesColours, labelIds } from './core/cityscapesTables.ts';
import type { Coding } from './core/coding.ts';

export const coding: Coding = {
  id: 'gta5',
  label: 'GTA5 label ids',
  source: 'The label format of Playing for Data (Richter et al. 2016)',
  values: labelIds,
  colours: cityscapesColours,
  // The palette paints label ids, not train ids, in Cityscapes' colours, as every GTA5 label file does.
  isPromisedBy: (palette) =>
    CITYSCAPES_CLASSES.every(({ labelId, rgb }) =>
      rgb.every((value, channel) => palette[labelId]?.[channel] === value),
    ),
};
