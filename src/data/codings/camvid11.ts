// CamVid's eleven classes in SegNet's order, with the colours of all 32 for files that hold colours.
import { IGNORE } from '../../domain/classes.ts';
import { camvid32Colours } from './core/camvidColours.ts';
import { type Coding, valueTable } from './core/coding.ts';

/**
 * CamVid's eleven classes (SegNet order): sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian,
 * bicyclist, void. Bicyclist merges rider and bicycle, which Cityscapes keeps apart: it is ignored.
 */
const camvid11 = valueTable(
  [10, 2, 5, 0, 1, 8, 7, 4, 13, 11, IGNORE, IGNORE].map((trainId, value) => [value, trainId]),
);

export const coding: Coding = {
  id: 'camvid-11',
  label: 'CamVid, 11 classes',
  source: 'SegNet (Badrinarayanan et al. 2017)',
  values: camvid11,
  colours: camvid32Colours,
};
