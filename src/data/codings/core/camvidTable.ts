// CamVid's 32 classes in the order of fastai's codes.txt (by name), from the dataset's colour list; shares of all pixels in per cent.
import type { Rgb } from './coding.ts';

type Row = readonly [name: string, rgb: Rgb, mapped: string | null, percent: number];
const ROWS: readonly Row[] = [
  ['Animal', [64, 128, 64], null, 0],
  ['Archway', [192, 0, 128], 'building', 0.1],
  ['Bicyclist', [0, 128, 192], null, 0.4], // rider and bicycle, not told apart
  ['Bridge', [0, 128, 64], null, 0.05],
  ['Building', [128, 0, 0], 'building', 23],
  ['Car', [64, 0, 128], 'car', 3.4],
  ['CartLuggagePram', [64, 0, 192], null, 0.02],
  ['Child', [192, 128, 64], 'person', 0.03],
  ['Column_Pole', [192, 192, 128], 'pole', 1],
  ['Fence', [64, 64, 128], 'fence', 1.4],
  ['LaneMkgsDriv', [128, 0, 192], 'road', 1.7],
  ['LaneMkgsNonDriv', [192, 0, 64], 'road', 0.02],
  ['Misc_Text', [128, 128, 64], null, 0.3],
  ['MotorcycleScooter', [192, 0, 192], 'motorcycle', 0.01],
  ['OtherMoving', [128, 64, 64], null, 0.4],
  ['ParkingBlock', [64, 192, 128], null, 0.3],
  ['Pedestrian', [64, 64, 0], 'person', 0.6],
  ['Road', [128, 64, 128], 'road', 27],
  ['RoadShoulder', [128, 128, 192], null, 0.3],
  ['Sidewalk', [0, 0, 192], 'sidewalk', 6.3],
  ['SignSymbol', [192, 128, 128], 'traffic sign', 0.1],
  ['Sky', [128, 128, 128], 'sky', 15],
  ['SUVPickupTruck', [64, 128, 192], 'car', 0.7],
  ['TrafficCone', [0, 0, 64], null, 0.01],
  ['TrafficLight', [0, 64, 64], 'traffic light', 0.3],
  ['Train', [192, 64, 128], 'train', 0.01],
  ['Tree', [128, 128, 0], 'vegetation', 10.4],
  ['Truck_Bus', [192, 128, 192], null, 0.5], // not told apart
  ['Tunnel', [64, 0, 64], null, 0.01],
  ['VegetationMisc', [192, 192, 0], 'terrain', 0.8],
  ['Void', [0, 0, 0], null, 3],
  ['Wall', [64, 192, 0], 'wall', 1.2],
];

/** What SegNet's display palette colours otherwise: pavement and road marking. */
const SEGNET_ROWS: readonly Row[] = [
  ['Pavement', [60, 40, 222], 'sidewalk', 0],
  ['Road_marking', [255, 69, 0], 'road', 0],
];

export const CAMVID_NAMES = ROWS.map(([name]) => name);

const tableOf = (rows: readonly Row[]) => ({
  count: rows.length,
  mapped: Object.fromEntries(
    rows.flatMap(([, , name], value): [number, string][] => (name === null ? [] : [[value, name]])),
  ),
  percent: Object.fromEntries(rows.map(([, , , percent], value) => [value, percent])),
  palette: rows.map(([, rgb]) => rgb),
});
export const camvid32 = tableOf(ROWS);
export const camvid32WithSegNet = tableOf([...ROWS, ...SEGNET_ROWS]);
