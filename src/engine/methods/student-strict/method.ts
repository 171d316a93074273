// The student of UDAS as the paper has it: stored pseudo-labels of the target and nothing else. The anchored student is
// student.method.ts.
import { defineMethod, labelledBatch } from '../core/defineMethod.ts';
import { buildStudent, planStudent, STRICT_PARAMS } from '../parts/selfTraining/settings.ts';
import { STUDENT_LOSSES, stepStrict } from '../parts/selfTraining/step.ts';
import { STRICT_VIEWS, strictViews } from '../parts/selfTraining/views.ts';

export const method = defineMethod({
  info: {
    id: 'student-strict',
    citation: 'The UDAS paper, section 3.5',
    needs: { sourceLabels: false, targetImages: false, targetLabels: false, pseudoLabels: true },
    params: STRICT_PARAMS,
    losses: STUDENT_LOSSES,
    views: STRICT_VIEWS,
  },
  charted: ['lr'],
  streams: ({ batchSize }) => ({ pseudoTarget: batchSize }),
  build: (context) => buildStudent(context),
  plan: (state, moment) => planStudent(state, moment, moment.params.batchSize),
  step: (state, batches, planned) => stepStrict(state, labelledBatch(batches, 'pseudoTarget'), planned),
  views: (_, batches, planned) => strictViews(labelledBatch(batches, 'pseudoTarget'), planned),
  predictor: ({ networks }) => networks.average,
});
