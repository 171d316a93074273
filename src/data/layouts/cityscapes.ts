// Cityscapes (Cordts et al. 2016): names that nothing else has.
import { baseName, isClutter } from '../importing/paths.ts';
import type { Layout, Naming } from './core/layout.ts';
import { foldersOf, isPicture, partOf } from './core/paths.ts';

/** `leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png` and `gtFine/..._gtFine_labelIds.png`. */
const naming: Naming = {
  specificity: 'names',
  lookedFor: 'Cityscapes (…_leftImg8bit.png with …_gtFine_labelIds.png or …_gtFine_labelTrainIds.png)',
  hasTestLabels: false,
  matches: (paths) => paths.some((path) => !isClutter(path) && naming.classify(path)?.role === 'image'),
  classify(path) {
    const name = baseName(path);
    const common = { scope: '', part: partOf(foldersOf(path)) };
    const image = /^(.+)_leftImg8bit\.[a-z]+$/i.exec(name);
    if (image?.[1] !== undefined && isPicture(path)) {
      return { ...common, role: 'image', key: image[1].toLowerCase(), name: image[1], rank: 0, coding: null };
    }
    const labels = /^(.+)_gt(Fine|Coarse)_label(Train)?Ids\.[a-z]+$/i.exec(name);
    if (labels?.[1] === undefined) return null;
    const coarse = labels[2]?.toLowerCase() === 'coarse';
    const trainIds = labels[3] !== undefined;
    return {
      ...common,
      role: 'labels',
      key: labels[1].toLowerCase(),
      name: labels[1],
      rank: (coarse ? 2 : 0) + (trainIds ? 0 : 1),
      coding: trainIds ? 'train-ids' : 'cityscapes-ids',
    };
  },
};

export const layout: Layout = {
  id: 'cityscapes',
  label: 'Cityscapes',
  suggestedName: 'Cityscapes',
  suggestedUse: 'target',
  readings: [{ naming, coding: 'cityscapes-ids', preference: 0 }],
};
