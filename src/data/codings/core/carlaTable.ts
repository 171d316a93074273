// CARLA's semantic tags since 0.9.14: Cityscapes' train ids plus one, then tags of its own (CityScapesPalette.h of CARLA 0.9.14, MIT).
import { trainIds } from './cityscapesTables.ts';
import { hexColours } from './coding.ts';

const OWN = hexColours('6ebea0 aa7832 375a50 2d3c96 9dea32 510051 966464 e6968c b4a5b4');
const ROAD_LINE = 24;
const shifted = <Value>(byTrainId: Readonly<Record<number, Value>>): Record<number, Value> =>
  Object.fromEntries(
    Object.entries(byTrainId).flatMap(([id, value]) => (id === '255' ? [] : [[Number(id) + 1, value]])),
  );

export const carlaTags = {
  count: 29,
  mapped: { ...shifted(trainIds.mapped), [ROAD_LINE]: 'road' },
  percent: {
    ...shifted<number>(trainIds.percent),
    ...{ 0: 2, 20: 1, 21: 0.3, 22: 0.5, 23: 0.5, 24: 1.5, 25: 1, 26: 0.3, 27: 0.2, 28: 0.3 },
  },
  palette: [...hexColours('000000'), ...trainIds.palette, ...OWN],
};
