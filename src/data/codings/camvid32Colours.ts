// CamVid's 32 classes by colour, as the dataset is published.
import { camvid32WithSegNet } from './core/camvidTable.ts';
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'camvid-32-colours',
  label: 'CamVid, 32 colours',
  source: 'The colour list of CamVid (Brostow et al. 2009)',
  ...camvid32WithSegNet,
  carrier: 'colours',
  standing: 'common',
});
