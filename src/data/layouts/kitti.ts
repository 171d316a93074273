// KITTI semantics (Alhaija et al. 2018): `training/image_2/` with `training/semantic/`, in Cityscapes' label ids.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'kitti',
  label: 'KITTI semantics',
  suggestedName: 'KITTI',
  suggestedUse: 'target',
  lookedFor: 'KITTI semantics (image_2/ with semantic/)',
  signs: [/(^|\/)(image_2|semantic|semantic_rgb)\//i],
  folders: {
    photos: ['image_2'],
    labels: ['semantic', 'semantic_rgb'],
    unused: ['image_3', 'instance', 'velodyne', 'calib'],
  },
  codings: ['cityscapes-ids', 'cityscapes-colours'],
};
