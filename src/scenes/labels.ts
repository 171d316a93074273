// Train ids of the classes under short names, for the code that draws them. The table itself is the domain's.

/** Train id per drawn class; a test holds it to the domain's class list. */
export const LABEL = {
  road: 0,
  sidewalk: 1,
  building: 2,
  wall: 3,
  fence: 4,
  pole: 5,
  trafficLight: 6,
  trafficSign: 7,
  vegetation: 8,
  terrain: 9,
  sky: 10,
  person: 11,
  rider: 12,
  car: 13,
  truck: 14,
  bus: 15,
  train: 16,
  motorcycle: 17,
  bicycle: 18,
} as const;

export type Label = (typeof LABEL)[keyof typeof LABEL];
