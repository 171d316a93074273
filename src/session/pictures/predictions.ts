// Predictions on the pinned validation images.
import { PREDICTIONS } from '../../bridge/pictures/predictions.ts';
import { predictPictures } from '../../engine/training/predict.ts';
import { segmenterOf } from '../recipes/stageRunner.ts';
import { definePicture } from './core/definePicture.ts';

export const picture = definePicture({
  kind: PREDICTIONS,
  when: 'between-steps',
  isOffered: ({ runner }) => runner.makesPredictions,
  draw: ({ runner, pinned }) => predictPictures(segmenterOf(runner.current).predict, pinned, runner.updates),
});
