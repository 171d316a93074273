// Predictions on the pinned validation images.
import { PREDICTIONS } from '../../bridge/pictures/predictions.ts';
import { predictPictures } from '../../engine/training/predict.ts';
import { segmenterOf } from '../recipes/stageWalk.ts';
import { definePicture } from './core/definePicture.ts';

export const picture = definePicture({
  kind: PREDICTIONS,
  when: 'between-steps',
  isOffered: ({ walk }) => walk.makesPredictions,
  draw: ({ walk, pinned }) => predictPictures(segmenterOf(walk.current).predict, pinned, walk.updates),
});
