// The student of UDAS where no target image is labelled: translated source images anchor it. The paper drops the source here;
// without an anchor the student falls below its teacher (docs/self-training.md).
import { defineMethod, labelledBatch, targetImages } from '../core/defineMethod.ts';
import { ANCHORED_PARAMS, buildAnchored, planAnchored } from '../parts/selfTraining/settings.ts';
import { STUDENT_LOSSES, stepAnchored } from '../parts/selfTraining/step.ts';
import { ANCHORED_VIEWS, anchoredViews } from '../parts/selfTraining/views.ts';

export const method = defineMethod({
  info: {
    id: 'student-source',
    citation: 'The UDAS paper, section 3.5, anchored by translated source images',
    needs: { sourceLabels: true, targetImages: true, targetLabels: false },
    params: ANCHORED_PARAMS,
    losses: STUDENT_LOSSES,
    views: ANCHORED_VIEWS,
  },
  charted: ['lr'],
  streams: ({ batchSize, anchorImages }) => ({ target: batchSize, source: anchorImages }),
  build: buildAnchored,
  plan: planAnchored,
  step: (state, batches, planned) =>
    stepAnchored(state, targetImages(batches), labelledBatch(batches, 'source'), planned),
  views: (state, batches, planned) =>
    anchoredViews(state, targetImages(batches), labelledBatch(batches, 'source'), planned),
  predictor: ({ networks }) => networks.average,
});
