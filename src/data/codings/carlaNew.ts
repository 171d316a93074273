// CARLA's semantic tags since 0.9.14, in the red channel of what its camera saves raw.
import { carlaTags } from './core/carlaTable.ts';
import { codingOf } from './core/coding.ts';

export const coding = codingOf({
  id: 'carla-new',
  label: 'CARLA tags, since 0.9.14',
  source: 'CityScapesPalette.h of CARLA 0.9.14',
  channel: 'red',
  ...carlaTags,
});
