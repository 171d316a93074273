// What the network makes of the pinned validation images; of a stage that trains a segmenter.
import type { PredictionFrame } from '../../domain/pictures.ts';
import { pictureKind } from './pictureKind.ts';

export const PREDICTIONS = pictureKind<null, PredictionFrame>('predictions');
