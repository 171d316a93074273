// Pascal VOC (Everingham et al.): `JPEGImages/` with `SegmentationClass/`, palette PNGs; CVAT exports the same with `labelmap.txt`.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'voc',
  label: 'Pascal VOC',
  suggestedName: 'VOC',
  suggestedUse: null,
  lookedFor: 'Pascal VOC (JPEGImages/ with SegmentationClass/)',
  signs: [/(^|\/)(JPEGImages|SegmentationClass(Aug)?|SegmentationObject)\//i],
  folders: {
    photos: ['jpegimages'],
    labels: ['segmentationclass', 'segmentationclassaug', 'segmentationclassraw'],
    unused: ['segmentationobject'],
  },
  codings: ['voc'],
};
