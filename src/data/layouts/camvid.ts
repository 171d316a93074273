// CamVid (Brostow et al. 2009): as published (`701_StillsRaw_full/` with colour masks `…_L.png`), as SegNet's repository keeps it
// (`train/` with `trainannot/`), as Kaggle does (`train_labels/`), and as fastai does (`labels/…_P.png` with 32 numbers).
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'camvid',
  label: 'CamVid',
  suggestedName: 'CamVid',
  suggestedUse: 'target',
  lookedFor: 'CamVid (train/ with trainannot/ or train_labels/, or photos with …_L.png or …_P.png masks)',
  signs: [
    /(^|\/)(train|val|test)_?(annot|labels)\//i,
    /(^|\/)(701_StillsRaw_full|LabeledApproved_full)\//i,
    /(^|\/)(Seq05VD|0001TP|0006R0|0016E5)_\w+\.png$/i,
  ],
  folders: {
    photos: ['701_stillsraw_full'],
    labels: ['labeledapproved_full', 'trainannot', 'valannot', 'testannot'],
  },
  codings: ['camvid-11', 'camvid-32-colours', 'camvid-32'],
};
