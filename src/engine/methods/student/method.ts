// The student of UDAS, anchored: half of its batch are labelled target images. The paper trains on pseudo-labels alone
// (studentStrict.method.ts); docs/self-training.md tells why that loses and this gains.
import { defineMethod, labelledBatch, targetImages } from '../core/defineMethod.ts';
import { ANCHORED_PARAMS, buildAnchored, planAnchored } from '../parts/selfTraining/settings.ts';
import { STUDENT_LOSSES, stepAnchored } from '../parts/selfTraining/step.ts';
import { ANCHORED_VIEWS, anchoredViews } from '../parts/selfTraining/views.ts';

export const method = defineMethod({
  info: {
    id: 'student',
    citation: 'The UDAS paper, section 3.5, anchored by labelled target images',
    needs: { sourceLabels: false, targetImages: true, targetLabels: true },
    params: ANCHORED_PARAMS,
    losses: STUDENT_LOSSES,
    views: ANCHORED_VIEWS,
  },
  charted: ['lr'],
  streams: ({ batchSize, anchorImages }) => ({ target: batchSize, labelledTarget: anchorImages }),
  build: buildAnchored,
  plan: planAnchored,
  step: (state, batches, planned) =>
    stepAnchored(state, targetImages(batches), labelledBatch(batches, 'labelledTarget'), planned),
  views: (state, batches, planned) =>
    anchoredViews(state, targetImages(batches), labelledBatch(batches, 'labelledTarget'), planned),
  predictor: ({ networks }) => networks.average,
});
