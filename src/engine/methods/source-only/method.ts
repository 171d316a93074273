// Source only: the segmenter is trained on the labelled source and meets the target unprepared. The lower reference of
// every adaptation method, and the smallest complete one: start from a copy of this file (docs/method-guide.md).
import { defineMethod, labelledBatch } from '../core/defineMethod.ts';
import {
  buildSegmentation,
  planSegmentation,
  SEGMENTATION_METRICS,
  segmentationParams,
  stepSegmentation,
} from '../core/segmentation.ts';

export const method = defineMethod({
  info: {
    id: 'source-only',
    citation: 'Chen et al., DeepLab, TPAMI 2018',
    needs: { sourceLabels: true, targetImages: false, targetLabels: false },
    params: segmentationParams(0),
  },
  metrics: SEGMENTATION_METRICS,
  streams: ({ batchSize }) => ({ source: batchSize }),
  build: buildSegmentation,
  plan: planSegmentation,
  step: (state, batches, planned) => stepSegmentation(state, labelledBatch(batches, 'source'), planned),
  predictor: ({ networks }) => networks.segmenter,
});
