// Cityscapes' label ids: what gtFine/..._labelIds.png holds, and KITTI's semantic/.
import { labelIds } from './core/cityscapesTables.ts';
import { codingOf } from './core/coding.ts';

const { palette: _, ...grey } = labelIds;

export const coding = codingOf({
  id: 'cityscapes-ids',
  label: 'Cityscapes label ids',
  source: "id in Cityscapes' labels.py",
  ...grey,
  standing: 'common',
});
