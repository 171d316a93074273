// GTA5 (Richter et al. 2016): Cityscapes' label ids in palette files whose palette is Cityscapes' colours.
import { labelIds } from './core/cityscapesTables.ts';
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'gta5',
  label: 'GTA5 label ids',
  source: 'The label format of Playing for Data (Richter et al. 2016)',
  ...labelIds,
  standing: 'common',
});
