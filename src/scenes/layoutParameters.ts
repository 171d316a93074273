// Street geometry and object statistics at both ends of the layout gap; in between they are interpolated.
import { lerp } from './exactMath.ts';

/** [source, target at layout gap 1]. Lengths in metres, focal length and horizon in picture heights, p... probabilities. */
const ENDS = {
  cameraHeight: [1.75, 1.4],
  focal: [1.1, 1.22],
  horizon: [0.43, 0.4],
  horizonJitter: [0.03, 0.03],
  roadHalf: [6.5, 4.6],
  roadHalfJitter: [1.6, 1],
  sidewalk: [1.8, 2.8],
  sidewalkJitter: [0.5, 0.9],
  pStrip: [0.65, 0.3],
  setback: [5, 0.8],
  pPavedSetback: [0, 0.75],
  buildingHeight: [8, 14],
  buildingHeightJitter: [4.5, 4.5],
  pGap: [0.34, 0.1],
  pTree: [0.42, 0.42],
  pParked: [0.32, 0.5],
  /** Mean number of driving cars. */
  traffic: [2.2, 1.6],
  /** Mean number of pedestrians on both sidewalks together. */
  pedestrians: [2.2, 3],
  pRider: [0.42, 0.55],
  pBicycle: [0.35, 0.6],
  pMotorcycle: [0.35, 0.38],
  pTruck: [0.34, 0.26],
  pBus: [0.28, 0.28],
  pTrain: [0.22, 0.24],
  pWall: [0.34, 0.3],
  pFence: [0.42, 0.36],
  pLamp: [0.6, 0.75],
  pLight: [0.55, 0.5],
  pSign: [0.6, 0.65],
  pCross: [0.3, 0.22],
} as const satisfies Record<string, readonly [number, number]>;

export type LayoutParameters = Readonly<Record<keyof typeof ENDS, number>>;

export function layoutParametersAt(layoutGap: number): LayoutParameters {
  const entries = Object.entries(ENDS).map(([name, [source, target]]) => [name, lerp(source, target, layoutGap)]);
  return Object.fromEntries(entries) as LayoutParameters;
}
