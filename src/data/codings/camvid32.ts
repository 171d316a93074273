// CamVid's 32 classes by number, in the order of the names: fastai's CamVid (labels/..._P.png with codes.txt).
import { camvid32 } from './core/camvidTable.ts';
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'camvid-32',
  label: 'CamVid, 32 classes',
  source: "codes.txt of fastai's CamVid, colours of CamVid (Brostow et al. 2009)",
  ...camvid32,
});
