// CARLA's tags painted by its CityScapesPalette converter, of any release: the palettes differ, but no colour changed its meaning.
import { carlaTags } from './core/carlaTable.ts';
import { codingOf, hexColours } from './core/coding.ts';

// Fence and terrain up to 0.9.13.
const OLD = hexColours('642828 91aa64');
const FENCE = carlaTags.count;
const TERRAIN = FENCE + 1;

export const coding = codingOf({
  id: 'carla-colours',
  label: 'CARLA colours',
  source: 'CityScapesPalette.h of CARLA 0.9.13 and 0.9.14',
  count: carlaTags.count + OLD.length,
  mapped: { ...carlaTags.mapped, [FENCE]: 'fence', [TERRAIN]: 'terrain' },
  percent: { ...carlaTags.percent, [FENCE]: 2, [TERRAIN]: 4 },
  palette: [...carlaTags.palette, ...OLD],
  carrier: 'colours',
});
