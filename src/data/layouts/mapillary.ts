// Mapillary Vistas (Neuhold et al. 2017): `training/images/` with `training/labels/` (1.2) or `training/v2.0/labels/`; palette PNGs.
import type { Layout } from './core/layout.ts';

export const layout: Layout = {
  id: 'mapillary',
  label: 'Mapillary Vistas',
  suggestedName: 'Mapillary Vistas',
  suggestedUse: 'target',
  lookedFor: 'Mapillary Vistas (training/images/ with training/labels/ or training/v2.0/labels/)',
  signs: [/(^|\/)(training|validation|testing)\/(v\d\.\d\/)?(images|labels|instances|panoptic|polygons)\//i],
  folders: { unused: ['panoptic', 'polygons'] },
  codings: ['mapillary-1.2', 'mapillary-2.0'],
};
