// CamVid's 32 classes by colour, as the dataset is published.
import { camvid32Colours } from './core/camvidColours.ts';
import type { Coding } from './core/coding.ts';

export const coding: Coding = {
  id: 'camvid-32-colours',
  label: 'CamVid, 32 colours',
  source: 'The colour list of CamVid (Brostow et al. 2009)',
  values: null,
  colours: camvid32Colours,
};
