// What a training step sees and makes of its images, as its method declares it.
import type { ViewsFrame } from '../../domain/pictures.ts';
import { pictureKind } from './pictureKind.ts';

export const STEP_VIEWS = pictureKind<null, ViewsFrame>('stepViews');
