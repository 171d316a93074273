// The colours of CamVid's 32 classes, from its colour list, and SegNet's display palette.
import { IGNORE } from '../../../domain/classes.ts';
import { colourTable } from './coding.ts';

export const camvid32Colours = colourTable([
  [128, 128, 128, 10], // sky
  [128, 0, 0, 2], // building
  [0, 128, 64, IGNORE], // bridge
  [192, 0, 128, 2], // archway
  [64, 0, 64, IGNORE], // tunnel
  [64, 192, 0, 3], // wall
  [192, 192, 128, 5], // column, pole
  [0, 0, 64, IGNORE], // traffic cone
  [128, 64, 128, 0], // road
  [128, 0, 192, 0], // lane markings, driving
  [192, 0, 64, 0], // lane markings, other
  [128, 128, 192, IGNORE], // road shoulder
  [0, 0, 192, 1], // sidewalk
  [64, 192, 128, IGNORE], // parking block
  [128, 128, 0, 8], // tree
  [192, 192, 0, 9], // other vegetation
  [192, 128, 128, 7], // sign
  [128, 128, 64, IGNORE], // text
  [0, 64, 64, 6], // traffic light
  [64, 64, 128, 4], // fence
  [64, 0, 128, 13], // car
  [64, 128, 192, 13], // pick-up and SUV
  [192, 128, 192, IGNORE], // truck and bus, not told apart
  [192, 64, 128, 16], // train
  [128, 64, 64, IGNORE], // other moving
  [64, 64, 0, 11], // pedestrian
  [192, 128, 64, 11], // child
  [64, 0, 192, IGNORE], // cart, luggage, pram
  [64, 128, 64, IGNORE], // animal
  [0, 128, 192, IGNORE], // bicyclist: rider and bicycle, not told apart
  [192, 0, 192, 17], // motorcycle, scooter
  [0, 0, 0, IGNORE], // void
  [60, 40, 222, 1], // pavement in SegNet's display palette
  [255, 69, 0, 0], // road marking in SegNet's display palette
]);
